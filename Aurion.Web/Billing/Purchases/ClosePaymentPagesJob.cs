using Aurion.Data.Billing;
using Aurion.Data.Infrastructure;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing.Purchases;

/// <summary>Closes the payment pages that were replaced while Stripe did not answer: an open page can be paid.</summary>
public sealed class ClosePaymentPagesJob(PurchaseStore purchases, PaymentPages pages, JobFailures failures) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var page in await purchases.ListClosingAsync(null, ct))
        {
            try
            {
                await pages.CloseAsync(page, ct);
            }
            catch (StripeUnreachableException)
            {
                return; // The next run goes on.
            }
            catch (Exception fault) when (!ct.IsCancellationRequested && !DatabaseFaults.IsUnavailable(fault))
            {
                await failures.ReportAsync<ClosePaymentPagesJob>($"checkout {page.SessionId}", fault);
            }
        }
    }
}
