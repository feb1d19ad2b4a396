using System.Security.Cryptography;
using System.Text;
using Aurion.Data.Account;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Account.Addresses;

/// <summary>What a link that proves an address may do: this user's address, while it has this digest, is theirs.</summary>
public sealed record AddressProof(Guid UserId, string Address);

/// <summary>What a link that changes an address may do: give this user, while the address has the digest <paramref name="From"/>, this one.</summary>
public sealed record AddressChange(Guid UserId, string From, string To);

/// <summary>The addresses of accounts. A link proves a mailbox, so it needs no session; what it says holds while the address is the one it names.</summary>
public sealed partial class AccountAddresses(
    AddressStore store, CurrentPassword currentPassword, LinkTokens links, TokenCache tokens, JobQueue jobs, ILogger<AccountAddresses> logger)
{
    /// <summary>Of a link to a new address, and of the one that proves the first.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Of the way back, which the old mailbox gets.</summary>
    public static readonly TimeSpan WayBack = TimeSpan.FromDays(7);

    private const string ProofPurpose = "verify-address";
    private const string ChangePurpose = "change-address";

    public string Issue(AddressProof proof) =>
        links.Issue(ProofPurpose, Lifetime, new(StringComparer.Ordinal) { ["sub"] = proof.UserId.ToString(), ["address"] = proof.Address });

    public string Issue(AddressChange change, TimeSpan lifetime) =>
        links.Issue(ChangePurpose, lifetime, new(StringComparer.Ordinal) { ["sub"] = change.UserId.ToString(), ["from"] = change.From, ["to"] = change.To });

    /// <summary>Null when the token was not issued here, or has expired.</summary>
    public async Task<AddressProof?> ReadProofAsync(string? token) =>
        !string.IsNullOrEmpty(token) && await links.ReadAsync(ProofPurpose, token) is { } read
        && Guid.TryParse(read.FindFirst("sub")?.Value, out var user) && read.FindFirst("address")?.Value is { } address
            ? new(user, address)
            : null;

    /// <summary>Null when the token was not issued here, or has expired.</summary>
    public async Task<AddressChange?> ReadChangeAsync(string? token) =>
        !string.IsNullOrEmpty(token) && await links.ReadAsync(ChangePurpose, token) is { } read
        && Guid.TryParse(read.FindFirst("sub")?.Value, out var user) && read.FindFirst("from")?.Value is { } from && read.FindFirst("to")?.Value is { } to
            ? new(user, from, to)
            : null;

    /// <summary>The digest by which a link names an address, as <c>address_digest</c> writes it.</summary>
    public static string Digest(string email) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email)));

    /// <summary>False when it is not the account's address any more.</summary>
    public async Task<bool> VerifyAsync(AddressProof proof, CancellationToken ct)
    {
        if (!await store.VerifyAsync(proof.UserId, proof.Address, ct))
            return false;
        await jobs.WakeAsync<SendMailsJob>(ct);
        LogVerified(proof.UserId);
        return true;
    }

    /// <summary>How long to wait when the mail was asked for too often.</summary>
    public async Task<TimeSpan?> SendProofAsync(Guid userId, CancellationToken ct)
    {
        if (await store.AskProofAsync(userId, AttemptLimits.AddressProof(userId), ct) is { } wait)
            return wait;
        await jobs.WakeAsync<SendMailsJob>(ct);
        return null;
    }

    /// <summary>
    /// For somebody who is signed in and knows the password: mails the link to the new address. An address that somebody else has is
    /// answered alike and gets no mail.
    /// </summary>
    public async Task<PasswordChangeResult> RequestChangeAsync(Guid userId, string password, string email, CancellationToken ct)
    {
        if ((await currentPassword.CheckAsync(userId, password, ct)).Refusal is { } refusal)
            return refusal;
        if (await store.AskChangeAsync(userId, email, AttemptLimits.AddressChange(userId, email), ct) is { } later)
            return new PasswordChangeResult.TooMany(later);
        await jobs.WakeAsync<SendMailsJob>(ct);
        return new PasswordChangeResult.Changed();
    }

    /// <summary>"changed", "taken" or "ended"; every session of a changed account has ended.</summary>
    public async Task<string> ChangeAsync(AddressChange change, CancellationToken ct)
    {
        var (outcome, ended) = await store.ChangeAsync(change.UserId, change.From, change.To, ct);
        tokens.Remove([.. ended]);
        await jobs.WakeAsync<SendMailsJob>(ct);
        LogChange(change.UserId, outcome);
        return outcome;
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} proved the address")]
    private partial void LogVerified(Guid userId);

    [LoggerMessage(LogLevel.Information, "A link to another address of user {UserId} was used: {Outcome}")]
    private partial void LogChange(Guid userId, string outcome);
}
