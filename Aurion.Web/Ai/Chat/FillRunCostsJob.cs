using System.Text.Json;
using Aurion.Data.Ai;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Ai.Chat;

/// <summary>Reads from the provider what stopped and broken runs cost: no usage follows an abort.</summary>
public sealed class FillRunCostsJob(HoldStore holds, OpenRouterClient provider, JobFailures failures) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var (userId, id, generation) in await holds.ListWithoutCostAsync(ct))
        {
            try
            {
                if (await provider.FindCostAsync(generation, ct) is { } cost)
                    await holds.KeepCostAsync(userId, id, cost, ct);
            }
            catch (HttpRequestException)
            {
                return; // The provider is away: the next run goes on.
            }
            catch (JsonException unreadable)
            {
                await failures.ReportAsync<FillRunCostsJob>($"generation {generation}", unreadable);
            }
        }
    }
}
