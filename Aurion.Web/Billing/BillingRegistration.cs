using Aurion.Web.Account.Deletion;
using Aurion.Web.Billing.Mails;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Credits.Live;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.Mvc;

namespace Aurion.Web.Billing;

public static class BillingRegistration
{
    public static void AddBilling(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddHttpClient<StripeGateway>(Patience).RemoveAllLoggers();
        services.AddTransient<StripeReader>();
        services.AddTransient<AccountConverger>();
        services.Configure<MvcOptions>(options => options.Filters.Add<StripeAwayFilter>());
        services.AddSingleton<StripeSignature>();
        services.AddGroupCommit<EventGroupCommit>();
        services.AddTransient<StripeWebhook>();
        services.AddTransient<EventReplayer>();
        services.AddTransient<StripeCustomers>();
        services.AddTransient<IPersonalDataHolder, StripeCustomerEraser>();
        services.AddTransient<PaymentPages>();
        services.AddTransient<SavedCards>();
        services.AddTransient<TopUpPayer>();
        services.AddTransient<TopUpSwitch>();
        services.AddSingleton(provider => new LowBalances(() => provider.GetRequiredService<JobQueue>().WakeAsync<TopUpCreditsJob>(), provider.GetRequiredService<TimeProvider>()));
        services.AddTransient<PortalOpener>();
        services.AddTransient<PlanChanges>();
        services.AddSingleton<CancelLinks>();
        services.AddTransient<PlanChangeRunner>();
        services.AddTransient<StripeSetup>();
        services.AddTransient<BillingReconciler>();
        builder.AddMails<BillingEmails>();
    }

    // A person waits for some of these calls; a call that was cut off is safe to make again.
    private static void Patience(HttpClient http) => http.Timeout = TimeSpan.FromSeconds(10);
}
