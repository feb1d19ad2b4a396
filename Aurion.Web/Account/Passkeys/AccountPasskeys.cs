using Aurion.Data.Account;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Account.Passkeys;

public abstract record PasskeyResult
{
    public sealed record Added : PasskeyResult;

    /// <summary>Too late, tried before, or not what was asked of the device.</summary>
    public sealed record Refused : PasskeyResult;

    /// <summary>The device's passkey signs in to an account already.</summary>
    public sealed record Known : PasskeyResult;

    /// <summary>The account has as many as it may have.</summary>
    public sealed record Full : PasskeyResult;
}

/// <summary>The passkeys of accounts, added and removed by whoever knows the password.</summary>
public sealed partial class AccountPasskeys(
    PasskeyStore store, ProfileStore profiles, CurrentPassword currentPassword, PasskeyCeremonies ceremonies, JobQueue jobs, TimeProvider clock, ILogger<AccountPasskeys> logger)
{
    public const int MostNameLength = 60;

    private const int Most = 20;

    /// <summary>The id of a challenge that adds one passkey from this session, or why the password was not taken.</summary>
    public async Task<(Guid? Challenge, PasswordChangeResult? Refusal)> BeginAsync(Guid userId, Guid? sessionId, string password, CancellationToken ct)
    {
        if ((await currentPassword.CheckAsync(userId, password, ct)).Refusal is { } refusal)
            return (null, refusal);
        return ((await store.IssueAsync(PurposeOf(userId, sessionId), PasskeyCeremonies.Lifetime, ct)).Id, null);
    }

    /// <summary>What the browser is told; null when the challenge is over, or was for somebody else.</summary>
    public async Task<string?> FindOptionsAsync(Guid userId, Guid? sessionId, Guid challenge, CancellationToken ct)
    {
        if (await store.FindChallengeAsync(challenge, PurposeOf(userId, sessionId), ct) is not { } random)
            return null;
        return ceremonies.CreationOptions(await OwnerAsync(userId, ct), random, await store.ListCredentialIdsAsync(userId, ct));
    }

    /// <summary>Takes the challenge, whatever comes of it, and tells the owner by mail.</summary>
    public async Task<PasskeyResult> AddAsync(Guid userId, Guid? sessionId, Guid challenge, string? answer, string name, CancellationToken ct)
    {
        if (await store.TakeChallengeAsync(challenge, PurposeOf(userId, sessionId), ct) is not { } random
            || await ceremonies.VerifyCreationAsync(answer, await OwnerAsync(userId, ct), random, ct) is not { } made)
            return new PasskeyResult.Refused();

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        switch (await store.AddAsync(userId, id, made, name, Most, ct))
        {
            case "known":
                return new PasskeyResult.Known();
            case "full":
                return new PasskeyResult.Full();
        }
        await jobs.WakeAsync<SendMailsJob>(ct);
        LogAdded(userId, id);
        return new PasskeyResult.Added();
    }

    /// <summary>Null when it is gone, else why the password was not taken.</summary>
    public async Task<PasswordChangeResult?> RemoveAsync(Guid userId, Guid id, string password, CancellationToken ct)
    {
        if ((await currentPassword.CheckAsync(userId, password, ct)).Refusal is { } refusal)
            return refusal;
        if (await store.RemoveAsync(userId, id, ct))
        {
            await jobs.WakeAsync<SendMailsJob>(ct);
            LogRemoved(userId, id);
        }
        return null;
    }

    private async Task<PasskeyOwner> OwnerAsync(Guid userId, CancellationToken ct)
    {
        var profile = await profiles.FindAsync(userId, ct);
        return new(userId, profile?.Email ?? "", profile?.FullName);
    }

    private static string PurposeOf(Guid userId, Guid? sessionId) => $"add {userId} {sessionId}";

    [LoggerMessage(LogLevel.Information, "User {UserId} added the passkey {PasskeyId}")]
    private partial void LogAdded(Guid userId, Guid passkeyId);

    [LoggerMessage(LogLevel.Information, "User {UserId} removed the passkey {PasskeyId}")]
    private partial void LogRemoved(Guid userId, Guid passkeyId);
}
