using Aurion.Data.Billing;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Billing.Mails;

/// <summary>Tells whoever has a payment open, a plan that froze, or a year that renews soon. Safe at any time, any number of times.</summary>
public sealed class RemindOfPaymentsJob(BillingReminderStore reminders, JobQueue jobs) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        if (await reminders.WriteAsync(ct) > 0)
            await jobs.WakeAsync<SendMailsJob>(ct);
    }
}
