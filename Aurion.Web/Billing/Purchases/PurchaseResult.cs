namespace Aurion.Web.Billing.Purchases;

/// <summary>What became of the attempt to buy an offer.</summary>
public abstract record PurchaseResult
{
    /// <summary>The payment page is open; the same offer opens the same page until it is paid.</summary>
    public sealed record Opened(string SessionId, string Url) : PurchaseResult;

    /// <summary>There is a subscription already: it is changed, not bought a second time.</summary>
    public sealed record Subscribed : PurchaseResult;

    /// <summary>No such plan or pack is sold.</summary>
    public sealed record UnknownOffer : PurchaseResult;

    /// <summary>The offer has no price at Stripe that can be bought: `billing setup` has not run.</summary>
    public sealed record NotForSale : PurchaseResult;

    /// <summary>A newer payment page of the same person has taken over, or an older one could not be closed yet.</summary>
    public sealed record Overtaken : PurchaseResult;
}
