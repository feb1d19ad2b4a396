namespace Aurion.Data.Billing;

/// <summary>What is sold: a plan by the month or by the year, or a pack once.</summary>
public sealed record Offer(string Kind, string Id, string? Interval)
{
    public bool IsPlan => Kind == "plan";

    public static Offer OfPlan(string id, string interval) => new("plan", id, interval);

    public static Offer OfPack(string id) => new("pack", id, null);
}

/// <summary>
/// The user's place for an open payment page of an offer. BEGUN: ours now; OPEN: it is open already, as <paramref name="SessionId"/>;
/// SUBSCRIBED, NO_PRICE, UNKNOWN_OFFER: refused.
/// </summary>
public sealed record PurchasePlace(
    string Outcome, Guid? OperationId, string? PriceId, string? CustomerId, string? Email, string? FullName, string? SessionId);

/// <summary>
/// An offer that was bought, or is being bought. <paramref name="Granted"/>: its credits were given; <paramref name="Held"/>: the bank
/// looks into a dispute; <paramref name="Left"/> of a pack; <paramref name="Available"/>: what may be spent now, of everything.
/// </summary>
public sealed record Purchase(
    string? SessionId, string Kind, string Name, int Credits, int PaidCents, int RefundedCents, string Status, string? PaymentStatus, string? Url,
    bool Granted, int Left, bool Held, DateTimeOffset CreatedAt, int Available)
{
    public bool IsPlan => Kind == "plan";

    /// <summary>Done on the person's side; the bank takes its time.</summary>
    public bool IsUnpaid => this is { Granted: false, Status: "complete", PaymentStatus: "unpaid" };

    /// <summary>Paid, or about to be, and the credits are not here yet.</summary>
    public bool IsWaiting => this is { Granted: false, IsUnpaid: false, Status: "open" or "complete" };
}

/// <summary>A payment page that another replaced and that Stripe has not confirmed to be closed.</summary>
public sealed record ClosingPage(Guid UserId, Guid OperationId, string SessionId, string Kind);

/// <summary>Who buys; no customer before the first payment page.</summary>
public sealed record Buyer(string Email, string? FullName, string? CustomerId);
