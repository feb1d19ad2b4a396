using Aurion.Data.Billing;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Billing.Stripe;

namespace Aurion.Web.Billing.Purchases;

/// <summary>Says how far a payment has come. When the webhook is late, asks Stripe itself and converges by the same code.</summary>
public sealed class PaymentWatcher(CheckoutStore checkouts, AccountConverger converger)
{
    /// <summary>Null when this person opened no such payment page.</summary>
    public async Task<CheckoutState?> FindAsync(Guid userId, string sessionId, CancellationToken ct)
    {
        var state = await checkouts.FindAsync(userId, sessionId, ct);
        if (state is null or { Active: true } or { Status: "expired" })
            return state;
        try
        {
            await converger.ConvergeAsync("checkout.session", sessionId, ct);
        }
        catch (StripeUnreachableException)
        {
            // The page asks again, and the webhook comes when Stripe is back.
            return state;
        }
        return await checkouts.FindAsync(userId, sessionId, ct);
    }
}
