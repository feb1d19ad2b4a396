using Aurion.Data.Tools;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Tools;

/// <summary>Launches that arrive together share one statement and one commit.</summary>
public sealed class LaunchGroupCommit(LaunchStore store) : GroupCommit<LaunchRequest, LaunchOutcome>(mostTogether: 256)
{
    protected override Task<IReadOnlyList<LaunchOutcome>> ServeAsync(IReadOnlyList<LaunchRequest> requests) =>
        store.LaunchAsync(requests);

    // The same operation twice in one group: the second sees the first's result in the next group.
    protected override bool IsForNextGroup(LaunchOutcome result) => result.Outcome == "RETRY";
}
