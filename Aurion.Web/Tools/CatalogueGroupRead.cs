using Aurion.Data.Tools;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Tools;

/// <summary>The catalogues of signed-in people.</summary>
public sealed class CatalogueGroupRead(CatalogueStore store) : GroupRead<Guid, Catalogue>(mostTogether: 64)
{
    protected override async Task<IReadOnlyList<Catalogue>> ServeAsync(IReadOnlyList<Guid> requests)
    {
        var catalogues = await store.ListAsync([.. requests]);
        return [.. requests.Select(userId => catalogues[userId])];
    }
}
