using Aurion.Data.Billing;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Sync;

/// <summary>Removes the content of events that were applied long ago, and the attempts whose keys Stripe has forgotten.</summary>
public sealed partial class ForgetStripeEventsJob(
    StripeEventStore events, StripeAttemptStore attempts, StripeOptions options, TimeProvider clock, ILogger<ForgetStripeEventsJob> log) : IJob
{
    private const int Part = 1000;
    // Stripe forgets a key after one day.
    private static readonly TimeSpan AttemptsKept = TimeSpan.FromDays(2);

    public async Task RunAsync(CancellationToken ct)
    {
        var forgotten = 0;
        for (int part; (part = await events.ForgetPayloadsAsync(clock.GetUtcNow().AddDays(-options.EventDays), Part, ct)) > 0;)
            forgotten += part;
        await attempts.ForgetAsync(clock.GetUtcNow() - AttemptsKept, ct);
        if (forgotten > 0)
            LogForgotten(forgotten, options.EventDays);
    }

    [LoggerMessage(LogLevel.Information, "The content of {Events} Stripe events older than {Days} days was removed")]
    private partial void LogForgotten(int events, int days);
}
