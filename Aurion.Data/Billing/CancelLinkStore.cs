using Aurion.Data.Account;

namespace Aurion.Data.Billing;

/// <summary>Asks for the mailed link with which somebody who is signed out cancels.</summary>
public sealed class CancelLinkStore(AttemptStore attempts)
{
    /// <summary>Null when the mail is queued for whoever the address belongs to; or how long to wait when it was asked too often.</summary>
    public Task<TimeSpan?> AskAsync(string email, IReadOnlyCollection<AttemptLimit> limits, CancellationToken ct = default) =>
        attempts.TakeAsync("SELECT ask_cancel_link(@email, @subjects, @bursts, @intervals, @now)", email, limits, ct);
}
