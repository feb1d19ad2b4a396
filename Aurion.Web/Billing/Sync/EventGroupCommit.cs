using Aurion.Data.Billing;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Billing.Sync;

/// <summary>Events that arrive together share one commit; true for those that were not here yet.</summary>
public sealed class EventGroupCommit(StripeEventStore store, TimeProvider clock) : GroupCommit<StripeEvent, bool>(mostTogether: 64)
{
    protected override Task<IReadOnlyList<bool>> ServeAsync(IReadOnlyList<StripeEvent> requests) =>
        store.AddAsync(requests, clock.GetUtcNow());
}
