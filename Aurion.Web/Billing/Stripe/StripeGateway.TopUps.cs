using System.Globalization;
using Aurion.Data.Billing;
using Stripe;
using Stripe.Checkout;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Payments that are made while the person is away, with the card that Stripe keeps.</summary>
public sealed partial class StripeGateway
{
    /// <summary>The customer's chosen card, else the latest one; null when none is kept.</summary>
    public async Task<StripeCard?> FindCardAsync(string customer, CancellationToken ct)
    {
        var found = await FindAsync(stripe.Customers.GetAsync(customer, new() { Expand = ["invoice_settings.default_payment_method"] }, null, ct));
        if (found?.InvoiceSettings?.DefaultPaymentMethod.ToCard() is { } chosen)
            return chosen;
        var cards = await FindAsync(stripe.Customers.PaymentMethods.ListAsync(customer, new() { Type = "card", Limit = 1 }, null, ct));
        return cards?.Data.FirstOrDefault().ToCard();
    }

    /// <summary>Opens a page on which the person saves a card and pays nothing.</summary>
    public async Task<string> OpenCardPageAsync(CardPageRequest request, CancellationToken ct)
    {
        var user = request.UserId.ToString();
        var session = await CallAsync(stripe.Checkout.Sessions.CreateAsync(new SessionCreateOptions
        {
            Mode = "setup",
            // Top-ups are charged while nobody is there to answer a bank's page, which only cards allow everywhere.
            AllowedPaymentMethodTypes = ["card"],
            Customer = request.CustomerId,
            ClientReferenceId = user,
            SuccessUrl = $"{request.ReturnUrl}?session_id={{CHECKOUT_SESSION_ID}}",
            CancelUrl = request.CancelUrl,
            Locale = request.Locale,
            Metadata = new() { [StripeMapping.UserKey] = user },
            SetupIntentData = new() { Metadata = new() { [StripeMapping.UserKey] = user } },
        }, null, ct));
        return session.Url;
    }

    /// <summary>What became of a page for a card; null when there is no such page, or it is for something else.</summary>
    public async Task<SavedCard?> FindSavedCardAsync(string session, CancellationToken ct) =>
        await FindAsync(stripe.Checkout.Sessions.GetAsync(session, new() { Expand = ["setup_intent.payment_method"] }, null, ct)) is { Mode: "setup", CustomerId: not null } found
            ? found.ToSavedCard() : null;

    /// <summary>
    /// Makes a saved card the one that the customer pays with; false when another one is, which was saved later or chosen at Stripe since.
    /// Which page the choice came from is kept beside it, in the same write, so that a repetition changes nothing.
    /// </summary>
    public async Task<bool> ChooseCardAsync(SavedCard saved, CancellationToken ct)
    {
        var mark = string.Create(CultureInfo.InvariantCulture, $"{saved.CreatedAt.ToUnixTimeSeconds():D12}:{saved.SessionId}");
        var customer = await FindAsync(stripe.Customers.GetAsync(saved.CustomerId, null, null, ct));
        var known = StripeMapping.Text(customer?.Metadata, StripeMapping.CardKey);
        if (string.CompareOrdinal(known, mark) >= 0)
            return known == mark && customer?.InvoiceSettings?.DefaultPaymentMethodId == saved.Card!.MethodId;
        await CallAsync(stripe.Customers.UpdateAsync(saved.CustomerId, new CustomerUpdateOptions
        {
            InvoiceSettings = new() { DefaultPaymentMethod = saved.Card!.MethodId },
            Metadata = new() { [StripeMapping.CardKey] = mark },
        }, null, ct));
        return true;
    }

    /// <summary>Stripe's own page that receipts a payment, asked for anew each time since its address expires; null when it has none.</summary>
    public async Task<string?> FindReceiptAsync(string intent, CancellationToken ct) => (await FindIntentAsync(intent, ct))?.LatestCharge?.ReceiptUrl;

    /// <summary>Pays a top-up now, without the person; the id of the payment. The same top-up is paid once, however often this is called.</summary>
    public async Task<string> PayTopUpAsync(OpenTopUp topUp, string paymentMethod, CancellationToken ct)
    {
        var wanted = new PaymentIntentCreateOptions
        {
            Amount = topUp.Cents,
            Currency = topUp.Currency,
            Customer = topUp.CustomerId,
            PaymentMethod = paymentMethod,
            OffSession = true,
            Confirm = true,
            Description = string.Create(CultureInfo.InvariantCulture, $"AURION: automatic top-up of {topUp.Credits:N0} credits"),
            Metadata = new()
            {
                [StripeMapping.UserKey] = topUp.UserId.ToString(),
                [StripeMapping.OperationKey] = topUp.OperationId.ToString(),
                [StripeMapping.PriceKey] = topUp.PriceId,
            },
        };
        var intent = await OnceAsync($"topup:{topUp.OperationId}", key => stripe.PaymentIntents.CreateAsync(wanted, key, ct), () => FindIntentOfAsync(topUp, ct), ct);
        return intent.Id;
    }

    /// <summary>The payment of a top-up whose answer may have been lost; null when Stripe has none.</summary>
    public async Task<string?> FindTopUpOfAsync(OpenTopUp topUp, CancellationToken ct) => (await FindIntentOfAsync(topUp, ct))?.Id;

    private Task<PaymentIntent?> FindIntentOfAsync(OpenTopUp topUp, CancellationToken ct)
    {
        // A little earlier than our own clock says: the two may differ.
        var since = new PaymentIntentListOptions { Customer = topUp.CustomerId, Created = Since(topUp.CreatedAt.AddMinutes(-5)), Limit = 100 };
        return FirstAsync(ListAsync(stripe.PaymentIntents.ListAutoPagingAsync(since, null, ct), ct), intent => StripeMapping.Operation(intent.Metadata) == topUp.OperationId);
    }

    /// <summary>A top-up's payment and what became of the money; null when the payment is for something else.</summary>
    public async Task<(string Customer, Guid? ClaimedUser, bool Livemode, StripePurchase Purchase)?> FindTopUpAsync(string intent, CancellationToken ct)
    {
        if (await FindIntentAsync(intent, ct) is not { CustomerId: { } customer } found || StripeMapping.Operation(found.Metadata) is null)
            return null;
        return (customer, StripeMapping.User(found.Metadata), found.Livemode, found.ToTopUp(await FindMoneyBackAsync(found.LatestCharge, ct)));
    }

    private Task<PaymentIntent?> FindIntentAsync(string intent, CancellationToken ct) =>
        FindAsync(stripe.PaymentIntents.GetAsync(intent, new() { Expand = ["latest_charge"] }, null, ct));
}

/// <summary>Everything a page for a card needs.</summary>
public sealed record CardPageRequest(Guid UserId, string CustomerId, string ReturnUrl, string CancelUrl, string Locale);
