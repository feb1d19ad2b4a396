using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>What the billing portal shows.</summary>
/// <param name="Note">What became of the last change: changed, unpaid, or nothing.</param>
public sealed record PortalView(string Path, string? Email, string? ReturnUrl, string Note)
{
    public PortalPlan? Plan { get; init; }

    public required IReadOnlyList<JsonObject> Methods { get; init; }

    /// <summary>The id of the payment method that the next invoice is charged to.</summary>
    public string? UsedMethod { get; init; }

    public bool CanAddCard { get; init; }

    /// <summary>Null where the portal shows none.</summary>
    public IReadOnlyList<JsonObject>? Invoices { get; init; }
}

/// <summary>A subscription as its owner sees it, and what it may be changed to.</summary>
public sealed record PortalPlan(PortalPrice Price, bool IsEnding, string Day, IReadOnlyList<PortalPrice> Offers, bool CanCancel);

/// <summary>A price in words.</summary>
public sealed record PortalPrice(string Id, string Name, string Amount);
