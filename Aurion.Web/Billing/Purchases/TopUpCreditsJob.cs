using Aurion.Data.Billing;
using Aurion.Data.Infrastructure;
using Aurion.Web.Credits.Live;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing.Purchases;

/// <summary>Begins a top-up for everybody who is due one, and carries on with those that are open, in whatever state they were left.</summary>
public sealed partial class TopUpCreditsJob(
    TopUpStore topUps, TopUpPayer payer, LowBalances low, JobFailures failures, TimeProvider clock, ILogger<TopUpCreditsJob> log) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        if (low.IsStale)
            low.Fill(await topUps.ListThresholdsAsync(ct));
        await topUps.MarkLowAsync(ct);
        foreach (var userId in await topUps.ListDueAsync(ct))
            await IsolateAsync(userId, () => BeginAsync(userId, ct), ct);
        foreach (var topUp in await topUps.ListOpenAsync(ct))
            await IsolateAsync(topUp.UserId, () => payer.ContinueAsync(topUp, ct), ct);
    }

    private async Task BeginAsync(Guid userId, CancellationToken ct)
    {
        if (await topUps.BeginAsync(userId, Guid.CreateVersion7(clock.GetUtcNow()), ct))
            LogBegun(userId);
    }

    private async Task IsolateAsync(Guid userId, Func<Task> act, CancellationToken ct)
    {
        try
        {
            await act();
        }
        catch (Exception fault) when (!ct.IsCancellationRequested && !DatabaseFaults.IsUnavailable(fault))
        {
            await failures.ReportAsync<TopUpCreditsJob>($"user {userId}", fault);
        }
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} is low on credits; a top-up begins")]
    private partial void LogBegun(Guid userId);
}
