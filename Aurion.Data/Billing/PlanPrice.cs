namespace Aurion.Data.Billing;

/// <summary>One price at Stripe and the plan that it buys.</summary>
public sealed record PlanPrice(string PriceId, string ProductId, string PlanType, string BillingInterval, string Currency, int UnitAmount);
