using System.Text.Json;
using System.Text.Json.Serialization;
using Aurion.Web.Billing.Stripe;

namespace Aurion.Web.Billing.Sync;

/// <summary>What one look at Stripe showed of one customer. Written to SQL as JSON whose names are the mirror's columns.</summary>
public sealed record StripeSnapshot(
    string CustomerId, Guid? ClaimedUser, bool Livemode,
    StripeSubscription? Subscription, IReadOnlyList<StripeInvoice> Invoices, StripeCheckout? Checkout)
{
    /// <summary>Something that belongs to no customer, and so to another product of the same Stripe account.</summary>
    public static StripeSnapshot OfNobody(bool livemode) => new("", null, livemode, null, [], null);

    public IReadOnlyList<StripePayment> Payments { get; init; } = [];

    /// <summary>Whom the payment page names; it must be the customer's own account.</summary>
    public Guid? NamedUser { get; init; }

    public StripePurchase? Purchase { get; init; }

    /// <summary>A card for later payments; Stripe keeps it, and the mirror does not.</summary>
    [JsonIgnore]
    public SavedCard? SavedCard { get; init; }

    /// <summary>The objects that this read shows whole: another read for one of them would show no more.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ObjectIds =>
        [.. new[] { Subscription?.Id, Checkout?.Id, Purchase?.SessionId }.OfType<string>(), .. Invoices.Select(invoice => invoice.Id)];

    private static readonly JsonSerializerOptions Names = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // What is absent stays absent, so that SQL reads NULL and not a JSON null.
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Names);
}
