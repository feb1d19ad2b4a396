using Aurion.Data.Ai;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Ai.Metering;

/// <summary>Holds that arrive together share one statement and one commit.</summary>
public sealed class HoldGroupCommit(HoldStore store) : GroupCommit<HoldRequest, HoldOutcome>(mostTogether: 128)
{
    /// <summary>A run renews its hold while it lives; one that has died is found after this.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(20);

    protected override Task<IReadOnlyList<HoldOutcome>> ServeAsync(IReadOnlyList<HoldRequest> requests) => store.HoldAsync(requests, Lifetime);

    protected override bool IsForNextGroup(HoldOutcome result) => result.Outcome == "RETRY";
}
