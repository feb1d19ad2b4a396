using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing.Purchases;

/// <summary>Closes the payment pages that were replaced while Stripe did not answer: an open page can be paid.</summary>
public sealed partial class ClosePaymentPagesJob(PurchaseStore purchases, PaymentPages pages, ILogger<ClosePaymentPagesJob> log) : IJob
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
            catch (StripeRefusedException refusal)
            {
                LogRefused(refusal, page.UserId, page.SessionId);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The replaced checkout {SessionId} of user {UserId} is not closed yet")]
    private partial void LogRefused(Exception fault, Guid userId, string sessionId);
}
