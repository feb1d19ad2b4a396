namespace Aurion.Web.Billing.Purchases;

/// <summary>What became of the wish to buy a plan.</summary>
public abstract record CheckoutResult
{
    /// <summary>The payment page is open; the same wish opens the same page.</summary>
    public sealed record Opened(string SessionId, string Url) : CheckoutResult;

    /// <summary>There is a subscription already: it is changed, not bought a second time.</summary>
    public sealed record Subscribed : CheckoutResult;

    /// <summary>No such plan is sold.</summary>
    public sealed record UnknownPlan : CheckoutResult;

    /// <summary>The plan has no price at Stripe yet: `billing setup` has not run.</summary>
    public sealed record NotForSale : CheckoutResult;

    /// <summary>A newer checkout of the same person has taken over.</summary>
    public sealed record Overtaken : CheckoutResult;

    /// <summary>Stripe does not answer; nothing was bought.</summary>
    public sealed record Unreachable : CheckoutResult;
}
