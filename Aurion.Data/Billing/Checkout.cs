namespace Aurion.Data.Billing;

/// <summary>
/// The user's place for an open payment page. BEGUN: ours now; OPEN: this plan's page is open already, as <paramref name="SessionId"/>;
/// SUBSCRIBED, NO_PRICE, UNKNOWN_PLAN: refused.
/// </summary>
public sealed record CheckoutPlace(
    string Outcome, Guid? OperationId, string? PriceId, string? CustomerId, string? Email, string? FullName, string? SessionId, string? ReplacedSessionId);

/// <summary>How far a payment has come; <paramref name="Active"/> once its credits are in the account.</summary>
public sealed record CheckoutState(
    string SessionId, string PlanType, string PlanName, string BillingInterval, string Status, string? PaymentStatus, string? Url, bool Active, int Credits);

/// <summary>Who buys; no customer before the first payment page.</summary>
public sealed record Buyer(string Email, string? FullName, string? CustomerId);
