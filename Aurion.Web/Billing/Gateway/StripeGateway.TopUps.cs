using System.Globalization;
using Aurion.Data.Billing;

namespace Aurion.Web.Billing.Gateway;

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
