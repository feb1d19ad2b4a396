using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Infrastructure.Retention;

/// <summary>Removes what has been kept for as long as its setting says.</summary>
public sealed partial class ForgetOldRowsJob(
    RetentionStore retention, RetentionOptions options, JobFailures failures, TimeProvider clock, ILogger<ForgetOldRowsJob> log) : IJob
{
    // Digests without a name, of no use once their bucket is empty; Stripe forgets an idempotency key after one day.
    private const int SignInAttemptDays = 1;
    private const int StripeAttemptDays = 2;
    private const int UnsentAttachmentDays = 1;
    private const int PasskeyChallengeDays = 1;

    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var (kind, days) in new[]
        {
            ("events", options.EventDays), ("mails", options.MailDays), ("tool_sessions", options.ToolSessionDays), ("payment_pages", options.PaymentPageDays),
            ("sessions", options.SessionDays), ("identity_events", options.IdentityEventDays), ("signup_networks", options.SignupNetworkDays),
            ("sign_in_attempts", SignInAttemptDays), ("stripe_attempts", StripeAttemptDays), ("unsent_attachments", UnsentAttachmentDays), ("passkey_challenges", PasskeyChallengeDays),
        })
        {
            try
            {
                if (await retention.ForgetAsync(kind, clock.GetUtcNow().AddDays(-days), ct) is > 0 and var rows)
                    LogForgotten(rows, kind, days);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested && !DatabaseFaults.IsUnavailable(fault))
            {
                await failures.ReportAsync<ForgetOldRowsJob>(kind, fault);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Rows} rows of {Kind} older than {Days} days were removed")]
    private partial void LogForgotten(int rows, string kind, int days);
}
