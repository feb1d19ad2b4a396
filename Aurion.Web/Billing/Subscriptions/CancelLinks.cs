using System.Net;
using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Billing.Subscriptions;

/// <summary>What a cancel link may do: cancel for this user, as this one operation, which a second press or an old link only repeats.</summary>
public sealed record CancelLink(Guid UserId, Guid OperationId);

/// <summary>Cancelling without signing in: a link that is mailed to the address of the account, and does this one thing once.</summary>
public sealed class CancelLinks(CancelLinkStore store, LinkTokens tokens, JobQueue jobs)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string Purpose = "cancel-contract";

    /// <summary>Mails the link where the address has an account; returns how long to wait when it was asked too often.</summary>
    public async Task<TimeSpan?> RequestAsync(string email, IPAddress? address, CancellationToken ct)
    {
        if (await store.AskAsync(email, AttemptLimits.CancelLink(email, address), ct) is { } wait)
            return wait;
        await jobs.WakeAsync<SendMailsJob>(ct);
        return null;
    }

    public string Issue(CancelLink link) =>
        tokens.Issue(Purpose, Lifetime, new(StringComparer.Ordinal) { ["sub"] = link.UserId.ToString(), ["operation"] = link.OperationId.ToString() });

    /// <summary>Null when the token was not issued here, or has expired.</summary>
    public async Task<CancelLink?> ReadAsync(string? token) =>
        !string.IsNullOrEmpty(token) && await tokens.ReadAsync(Purpose, token) is { } read
        && Guid.TryParse(read.FindFirst("sub")?.Value, out var user) && Guid.TryParse(read.FindFirst("operation")?.Value, out var operation)
            ? new(user, operation)
            : null;
}
