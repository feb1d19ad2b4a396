using Aurion.Web.Account.Clerk;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Account.Exports;
using Aurion.Web.Account.Notices;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Ai.Images;
using Aurion.Web.Ai.Operating;
using Aurion.Web.Billing;
using Aurion.Web.Billing.Mails;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Credits.Ledger;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Retention;
using Aurion.Web.Tools.Agents;
using Aurion.Web.Tools.Calls;

namespace Aurion.Web;

/// <summary>Every recurring job of the product. Each also runs when it is woken, and when the clock jumps.</summary>
public static class Schedule
{
    public static IReadOnlyList<RecurringJob> Jobs { get; } =
    [
        RecurringJob.EveryMinute<ApplyStripeEventsJob>(),
        RecurringJob.EveryMinute<ApplyPlanChangesJob>(),
        RecurringJob.EveryMinute<TopUpCreditsJob>(),
        RecurringJob.EveryMinute<ClosePaymentPagesJob>(),
        RecurringJob.EveryMinute<UndoDuplicatesJob>(),
        RecurringJob.EveryMinute<RefillCreditsJob>(),
        RecurringJob.EveryMinute<SweepExpiredGrantsJob>(),
        RecurringJob.EveryMinute<FinishAbandonedAnswersJob>(),
        RecurringJob.EveryMinute<FillRunCostsJob>(),
        RecurringJob.EveryMinute<DrawPicturesJob>(),
        RecurringJob.EveryMinute<DeleteUnusedObjectsJob>(),
        RecurringJob.EveryMinute<FinishAbandonedCallsJob>(),
        RecurringJob.EveryMinute<CarryOutAgentsJob>(),
        RecurringJob.EveryMinute<PrepareExportsJob>(),
        RecurringJob.EveryMinute<JudgeBalancesJob>(),
        RecurringJob.EveryMinute<SendMailsJob>(),
        RecurringJob.EveryMinute<EndClerkSessionsJob>(),
        RecurringJob.EveryHour<EraseAccountsJob>(),
        RecurringJob.EveryHour<WatchProviderJob>(),
        RecurringJob.EveryHour<WarnOfExpiryJob>(),
        RecurringJob.EveryHour<WriteWeeksJob>(),
        RecurringJob.EveryHour<RemindOfPaymentsJob>(),
        RecurringJob.EveryDay<ReconcileBillingJob>(),
        RecurringJob.EveryDay<ImportModelPricesJob>(),
        RecurringJob.EveryDay<ForgetOldRowsJob>(),
    ];
}
