namespace Aurion.Data.Billing;

/// <summary>Credits that are bought once.</summary>
public sealed record Pack(string Id, string Name, int Credits, int PriceCents);

/// <summary>One price at Stripe and the pack that it buys.</summary>
public sealed record PackPrice(string PriceId, string ProductId, string PackId, string Currency, int UnitAmount);

/// <summary>
/// The user's place for an open payment page of a pack. BEGUN: ours now; OPEN: it is open already, as <paramref name="SessionId"/>;
/// NO_PRICE, UNKNOWN_PACK: refused.
/// </summary>
public sealed record PackPlace(
    string Outcome, Guid? OperationId, string? PriceId, string? CustomerId, string? Email, string? FullName, string? SessionId);

/// <summary>A pack that was bought, or is being bought; <paramref name="Held"/> while the bank looks into a dispute.</summary>
public sealed record PackPurchase(
    string? SessionId, string PackName, int Credits, int AmountCents, int PaidCents, int RefundedCents, string Status, string? PaymentStatus, string? Url,
    bool IsTopUp, bool Granted, int Left, bool Held, DateTimeOffset CreatedAt, int Available);
