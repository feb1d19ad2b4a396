namespace Aurion.Web.Billing.Purchases;

/// <summary>What became of the wish to buy a pack.</summary>
public abstract record PackResult
{
    /// <summary>The payment page is open; the same wish opens the same page.</summary>
    public sealed record Opened(string Url) : PackResult;

    /// <summary>No such pack is sold.</summary>
    public sealed record UnknownPack : PackResult;

    /// <summary>The pack has no price at Stripe yet: `billing setup` has not run.</summary>
    public sealed record NotForSale : PackResult;

    /// <summary>Stripe does not answer; nothing was bought.</summary>
    public sealed record Unreachable : PackResult;
}
