using Aurion.Data.Billing;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing.Subscriptions;

/// <summary>Carries on with what people want of their subscriptions, from wherever it was left. One that fails holds up nobody else's.</summary>
public sealed partial class ApplyPlanChangesJob(PlanChangeStore intents, PlanChangeRunner runner, ILogger<ApplyPlanChangesJob> log) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        while (await intents.ClaimDueAsync(ct) is { } intent)
        {
            try
            {
                await runner.RunAsync(intent, ct);
            }
            // It stays claimed for a while, so that this loop ends, and is tried again after that.
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                LogFailed(fault, intent.Kind, intent.UserId);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The {Kind} of user {UserId} failed; it is tried again")]
    private partial void LogFailed(Exception fault, string kind, Guid userId);
}
