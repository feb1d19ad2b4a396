using Aurion.Data.Account;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Account.Deletion;

/// <summary>What a link that keeps an account may do: undo this one deletion of this user.</summary>
public sealed record KeepLink(Guid UserId, Guid Id);

/// <summary>
/// The deletion of an account by its owner: written down at once, done after <see cref="Grace"/>, and undone until then by the mailed
/// link or by signing in, which opens no session meanwhile. It can be taken back and is mailed, hence it asks for no password.
/// </summary>
public sealed partial class AccountDeletions(
    AccountDeletionStore store, LinkTokens links, TokenCache tokens, JobQueue jobs, TimeProvider clock, ILogger<AccountDeletions> logger)
{
    public static readonly TimeSpan Grace = TimeSpan.FromDays(30);

    private const string Purpose = "keep-account";

    /// <summary>Every session ends before the answer; returns the deletion that holds.</summary>
    public async Task<AccountDeletion> ScheduleAsync(Guid userId, CancellationToken ct)
    {
        var (deletion, ended) = await store.ScheduleAsync(userId, clock.GetUtcNow() + Grace, ct);
        tokens.Remove(ended);
        await jobs.WakeAsync<SendMailsJob>(ct);
        LogScheduled(userId, deletion.DueAt);
        return deletion;
    }

    /// <summary>False when this deletion was undone before, or erasing has begun.</summary>
    public async Task<bool> UndoAsync(KeepLink link, CancellationToken ct)
    {
        if (!await store.UndoAsync(link.UserId, link.Id, ct))
            return false;
        await jobs.WakeAsync<SendMailsJob>(ct);
        LogUndone(link.UserId);
        return true;
    }

    public string Issue(KeepLink link) =>
        links.Issue(Purpose, Grace, new(StringComparer.Ordinal) { ["sub"] = link.UserId.ToString(), ["deletion"] = link.Id.ToString() });

    /// <summary>Null when the token was not issued here, or has expired.</summary>
    public async Task<KeepLink?> ReadAsync(string? token) =>
        !string.IsNullOrEmpty(token) && await links.ReadAsync(Purpose, token) is { } read
        && Guid.TryParse(read.FindFirst("sub")?.Value, out var user) && Guid.TryParse(read.FindFirst("deletion")?.Value, out var id)
            ? new(user, id)
            : null;

    [LoggerMessage(LogLevel.Information, "User {UserId} asked to be deleted; that happens at {DueAt}")]
    private partial void LogScheduled(Guid userId, DateTimeOffset dueAt);

    [LoggerMessage(LogLevel.Information, "User {UserId} keeps the account after all")]
    private partial void LogUndone(Guid userId);
}
