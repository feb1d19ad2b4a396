using Aurion.Data.Credits;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Credits;

/// <summary>The balances in the frames of signed-in pages; null for an account that is gone.</summary>
public sealed class BalanceGroupRead(BalanceStore store) : GroupRead<Guid, Balance?>(mostTogether: 64)
{
    protected override async Task<IReadOnlyList<Balance?>> ServeAsync(IReadOnlyList<Guid> requests)
    {
        var balances = (await store.ListAsync([.. requests])).ToDictionary(row => row.UserId, row => row.Balance);
        return [.. requests.Select(userId => balances.GetValueOrDefault(userId))];
    }
}
