using Aurion.Data.Ai;
using Aurion.Web.Ai.Providers;

namespace Aurion.Web.Ai.Chat;

/// <summary>Reads from the provider what stopped and broken runs cost: no usage follows an abort.</summary>
public sealed class FillRunCostsJob(HoldStore holds, OpenRouterClient provider) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var (userId, id, generation) in await holds.ListWithoutCostAsync(ct))
            if (await provider.FindCostAsync(generation, ct) is { } cost)
                await holds.KeepCostAsync(userId, id, cost, ct);
    }
}
