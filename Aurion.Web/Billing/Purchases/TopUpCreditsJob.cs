using Aurion.Data.Billing;
using Aurion.Web.Credits.Live;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing.Purchases;

/// <summary>Begins a top-up for everybody who is due one, and carries on with those that are open, in whatever state they were left.</summary>
public sealed partial class TopUpCreditsJob(TopUpStore topUps, TopUpPayer payer, LowBalances low, TimeProvider clock, ILogger<TopUpCreditsJob> log) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        if (low.IsStale)
            low.Fill(await topUps.ListThresholdsAsync(ct));
        foreach (var userId in await topUps.ListDueAsync(ct))
        {
            if (await topUps.BeginAsync(userId, Guid.CreateVersion7(clock.GetUtcNow()), ct))
                LogBegun(userId);
        }
        foreach (var topUp in await topUps.ListOpenAsync(ct))
            await payer.ContinueAsync(topUp, ct);
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} is low on credits; a top-up begins")]
    private partial void LogBegun(Guid userId);
}
