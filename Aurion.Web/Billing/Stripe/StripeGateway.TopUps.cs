using System.Globalization;
using Aurion.Data.Billing;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Payments that are made while the person is away, with the card that Stripe keeps.</summary>
public sealed partial class StripeGateway
{
    private static readonly StripeForm WithCharge = new() { ["expand[0]"] = "latest_charge" };

    /// <summary>The customer's chosen card, else the latest one; null when none is kept.</summary>
    public async Task<StripeCard?> FindCardAsync(string customer, CancellationToken ct)
    {
        var path = $"/v1/customers/{Uri.EscapeDataString(customer)}";
        var chosen = await FindAsync(StripeCall.Get(path, new StripeForm { ["expand[0]"] = "invoice_settings.default_payment_method" }), ct);
        if (chosen is { } json && StripeReading.Card(json.At("invoice_settings", "default_payment_method")) is { } card)
            return card;
        var kept = await FindAsync(StripeCall.Get($"{path}/payment_methods", new StripeForm { ["type"] = "card", ["limit"] = "1" }), ct);
        return kept is { } list ? list.List("data").Select(StripeReading.Card).FirstOrDefault() : null;
    }

    /// <summary>Opens a page on which the person saves a card and pays nothing.</summary>
    public async Task<string?> OpenCardPageAsync(CardPageRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        var user = request.UserId.ToString();
        var json = await stripe.SendAsync(StripeCall.Post("/v1/checkout/sessions", $"card:{request.OperationId}", new StripeForm
        {
            ["mode"] = "setup",
            // Top-ups are charged while nobody is there to answer a bank's page, which only cards allow everywhere.
            ["payment_method_types[0]"] = "card",
            ["customer"] = request.CustomerId,
            ["client_reference_id"] = user,
            ["success_url"] = $"{request.ReturnUrl}?session_id={{CHECKOUT_SESSION_ID}}",
            ["cancel_url"] = request.CancelUrl,
            ["locale"] = request.Locale,
            [$"metadata[{StripeReading.UserKey}]"] = user,
            [$"setup_intent_data[metadata][{StripeReading.UserKey}]"] = user,
        }), ct);
        return json.Text("url");
    }

    /// <summary>What became of a page for a card; null when there is no such page, or it is for something else.</summary>
    public async Task<SavedCard?> FindSavedCardAsync(string session, CancellationToken ct)
    {
        var whole = new StripeForm { ["expand[0]"] = "setup_intent.payment_method" };
        return await FindAsync(StripeCall.Get($"/v1/checkout/sessions/{Uri.EscapeDataString(session)}", whole), ct) is { } json
            && json.Text("mode") == "setup" && json.Id("customer") is { } customer ? StripeReading.SavedCard(json, customer) : null;
    }

    /// <summary>
    /// Makes a saved card the one that the customer pays with; false when another one is, which was saved later or chosen at Stripe since.
    /// Which page the choice came from is kept beside it, in the same write, so that a repetition changes nothing.
    /// </summary>
    public async Task<bool> ChooseCardAsync(SavedCard saved, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(saved);
        var path = $"/v1/customers/{Uri.EscapeDataString(saved.CustomerId)}";
        var mark = string.Create(CultureInfo.InvariantCulture, $"{saved.CreatedAt.ToUnixTimeSeconds():D12}:{saved.SessionId}");
        var customer = await FindAsync(StripeCall.Get(path), ct);
        var known = customer?.Text("metadata", StripeReading.CardKey);
        if (string.CompareOrdinal(known, mark) >= 0)
            return known == mark && customer?.Id("invoice_settings", "default_payment_method") == saved.Card!.MethodId;
        await stripe.SendAsync(StripeCall.Post(path, $"choose:{saved.SessionId}", new StripeForm
        {
            ["invoice_settings[default_payment_method]"] = saved.Card!.MethodId,
            [$"metadata[{StripeReading.CardKey}]"] = mark,
        }), ct);
        return true;
    }

    /// <summary>Stripe's own page that receipts a payment, asked for anew each time since its address expires; null when it has none.</summary>
    public async Task<string?> FindReceiptAsync(string intent, CancellationToken ct) =>
        (await FindAsync(StripeCall.Get($"/v1/payment_intents/{Uri.EscapeDataString(intent)}", WithCharge), ct))?.Text("latest_charge", "receipt_url");

    /// <summary>Pays a top-up now, without the person; the id of the payment. The same top-up is paid once, however often this is called.</summary>
    public async Task<string> PayTopUpAsync(OpenTopUp topUp, string paymentMethod, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(topUp);
        var json = await stripe.SendAsync(StripeCall.Post("/v1/payment_intents", $"topup:{topUp.OperationId}", new StripeForm
        {
            ["amount"] = topUp.Cents.ToString(CultureInfo.InvariantCulture),
            ["currency"] = topUp.Currency,
            ["customer"] = topUp.CustomerId,
            ["payment_method"] = paymentMethod,
            ["off_session"] = "true",
            ["confirm"] = "true",
            ["description"] = string.Create(CultureInfo.InvariantCulture, $"AURION: automatic top-up of {topUp.Credits:N0} credits"),
            [$"metadata[{StripeReading.UserKey}]"] = topUp.UserId.ToString(),
            [$"metadata[{StripeReading.OperationKey}]"] = topUp.OperationId.ToString(),
            [$"metadata[{StripeReading.PriceKey}]"] = topUp.PriceId,
        }), ct);
        return json.Required("id");
    }

    /// <summary>The payment of a top-up whose answer may have been lost; null when Stripe has none.</summary>
    public async Task<string?> FindTopUpOfAsync(OpenTopUp topUp, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(topUp);
        // A little earlier than our own clock says: the two may differ.
        var form = new StripeForm { ["customer"] = topUp.CustomerId, ["created[gte]"] = topUp.CreatedAt.AddMinutes(-5).Seconds() };
        await foreach (var json in ListAsync("/v1/payment_intents", form, ct))
        {
            if (StripeReading.Operation(json) == topUp.OperationId)
                return json.Required("id");
        }
        return null;
    }

    /// <summary>A top-up's payment and what became of the money; null when the payment is for something else.</summary>
    public async Task<(string Customer, Guid? ClaimedUser, bool Livemode, StripePurchase Purchase)?> FindTopUpAsync(string intent, CancellationToken ct)
    {
        if (await FindAsync(StripeCall.Get($"/v1/payment_intents/{Uri.EscapeDataString(intent)}", WithCharge), ct) is not { } json
            || StripeReading.Operation(json) is null || json.Id("customer") is not { } customer)
            return null;
        return (customer, StripeReading.User(json.At("metadata")), json.Flag("livemode"), StripeReading.TopUp(json, await FindDisputeAsync(json.At("latest_charge"), ct)));
    }
}

/// <summary>Everything a page for a card needs.</summary>
public sealed record CardPageRequest(Guid OperationId, Guid UserId, string CustomerId, string ReturnUrl, string CancelUrl, string Locale);
