using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

/// <summary>The back door by which Stripe's own command line completes a checkout session (<c>stripe trigger checkout.session.completed</c>).</summary>
internal static class PaymentPages
{
    public static void Map(StripeApi api)
    {
        api.Retrieve("payment_pages", "checkout.session");
        api.Post("payment_pages/{id}/confirm", async call =>
        {
            var method = await PaymentMethods.ResolveAsync(call.Tx, call.Params.Required("payment_method"));
            call.Params.Accept("expected_amount");
            return await Checkout.ConfirmAsync(call.Tx, call.Id, method) switch
            {
                CheckoutResult.Completed => await call.Tx.GetAsync("checkout.session", call.Id),
                CheckoutResult.Declined declined => throw new StripeError(402, "card_error", declined.Message, "card_declined") { KeepsChanges = true },
                _ => throw StripeError.Invalid("This Checkout Session is no longer open.", "session"),
            };
        });
    }
}
