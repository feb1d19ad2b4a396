using Aurion.Data.Dashboard;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Pages.Dashboard;

/// <summary>The dashboards of signed-in people.</summary>
public sealed class OverviewGroupRead(OverviewStore store) : GroupRead<OverviewRequest, Overview?>(mostTogether: 32)
{
    /// <summary>With those who ask at the same moment, or alone for whoever would keep them waiting.</summary>
    public async Task<Overview> GetAsync(OverviewRequest request, CancellationToken ct) =>
        await ReadAsync(request, ct) ?? await store.GetAsync(request, ct);

    protected override Task<IReadOnlyList<Overview?>> ServeAsync(IReadOnlyList<OverviewRequest> requests) => store.ListAsync(requests);
}
