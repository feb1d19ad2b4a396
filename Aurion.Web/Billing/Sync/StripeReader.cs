using Aurion.Web.Billing.Stripe;

namespace Aurion.Web.Billing.Sync;

/// <summary>Reads, for an object that an event points at, everything that the account depends on.</summary>
public sealed class StripeReader(StripeGateway stripe)
{
    /// <summary>Null when Stripe has no such object, or a payment that is for nothing of ours.</summary>
    public async Task<StripeSnapshot?> ReadAsync(string kind, string id, CancellationToken ct) => kind switch
    {
        "subscription" => await ReadSubscriptionAsync(id, null, null, ct),
        "invoice" => await ReadInvoiceAsync(id, null, ct),
        "checkout.session" => await ReadCheckoutAsync(id, ct),
        "charge" => await ReadChargeAsync(id, ct),
        "payment_intent" => await ReadTopUpAsync(id, ct),
        "refund" or "dispute" => await stripe.FindChargeOfAsync(kind, id, ct) is { } charge ? await ReadChargeAsync(charge, ct) : null,
        _ => null,
    };

    private async Task<StripeSnapshot?> ReadCheckoutAsync(string id, CancellationToken ct)
    {
        if (await stripe.FindCheckoutAsync(id, ct) is not { } checkout)
            return null;
        // A page of ours always has a customer.
        if (checkout.CustomerId is not { } customer)
            return StripeSnapshot.OfNobody(checkout.Livemode);
        if (checkout.Mode == "setup")
            return await stripe.FindSavedCardAsync(id, ct) is { } saved ? new StripeSnapshot(customer, checkout.ClaimedUser, saved.Livemode, null, [], null) { SavedCard = saved } : null;
        if (checkout.Mode == "payment")
        {
            var (purchase, kept) = await stripe.FindPurchaseAsync(id, ct);
            return new StripeSnapshot(customer, checkout.ClaimedUser, checkout.Livemode, null, await InvoicesAsync(checkout.InvoiceId, ct), null) { NamedUser = checkout.NamedUser, Purchase = purchase, SavedCard = kept };
        }
        var whole = checkout switch
        {
            { SubscriptionId: { } subscription } => await ReadSubscriptionAsync(subscription, checkout, null, ct),
            { InvoiceId: { } invoice } => await ReadInvoiceAsync(invoice, checkout, ct),
            _ => null,
        };
        return whole ?? new StripeSnapshot(customer, checkout.ClaimedUser, checkout.Livemode, null, [], checkout);
    }

    private async Task<StripeSnapshot?> ReadInvoiceAsync(string id, StripeCheckout? checkout, CancellationToken ct)
    {
        if (await stripe.FindInvoiceAsync(id, ct) is not { } invoice)
            return null;
        return invoice.SubscriptionId is { } subscription && await ReadSubscriptionAsync(subscription, checkout, invoice, ct) is { } whole
            ? whole
            : new StripeSnapshot(invoice.CustomerId, invoice.ClaimedUser, invoice.Livemode, null, [invoice], checkout);
    }

    /// <summary>What the charge paid for, whole: an invoice, a pack, or a pack with its invoice.</summary>
    private async Task<StripeSnapshot?> ReadChargeAsync(string id, CancellationToken ct)
    {
        if (await stripe.FindPaymentAsync(id, ct) is not { } found)
            return null;
        var (payment, intent) = found;
        var whole = payment.InvoiceId is { } invoice ? await ReadInvoiceAsync(invoice, null, ct) : null;
        if (whole is not { Subscription: not null } && intent is not null)
            whole = await ReadPurchaseAsync(intent, ct) ?? whole;
        return whole is null || payment.InvoiceId is null ? whole : whole with { Payments = [payment] };
    }

    private async Task<StripeSnapshot?> ReadPurchaseAsync(string intent, CancellationToken ct) =>
        await stripe.FindCheckoutOfAsync(intent, ct) is { } session ? await ReadCheckoutAsync(session, ct) : await ReadTopUpAsync(intent, ct);

    private async Task<StripeSnapshot?> ReadTopUpAsync(string intent, CancellationToken ct) =>
        await stripe.FindTopUpAsync(intent, ct) is { } found
            ? new StripeSnapshot(found.Customer, found.ClaimedUser, found.Livemode, null, [], null) { Purchase = found.Purchase }
            : null;

    private async Task<IReadOnlyList<StripeInvoice>> InvoicesAsync(string? id, CancellationToken ct) =>
        id is not null && await stripe.FindInvoiceAsync(id, ct) is { } invoice ? [invoice] : [];

    private async Task<StripeSnapshot?> ReadSubscriptionAsync(string id, StripeCheckout? checkout, StripeInvoice? invoice, CancellationToken ct)
    {
        if (await stripe.FindSubscriptionAsync(id, ct) is not { } found)
            return null;
        List<StripeInvoice> invoices = [.. new[] { invoice, found.LatestInvoice }.OfType<StripeInvoice>().DistinctBy(i => i.Id)];
        var subscription = found.Subscription;
        return new StripeSnapshot(subscription.CustomerId, subscription.ClaimedUser ?? checkout?.ClaimedUser, subscription.Livemode, subscription, invoices, checkout);
    }
}
