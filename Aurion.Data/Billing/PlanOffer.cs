namespace Aurion.Data.Billing;

/// <summary>A plan that is sold, with what it costs and gives.</summary>
public sealed record PlanOffer(string PlanType, string Name, int CreditsMonthly, int MonthlyPriceCents, int AnnualPriceCents);

/// <summary>One price at Stripe and the plan that it buys.</summary>
public sealed record PlanPrice(string PriceId, string ProductId, string PlanType, string BillingInterval, string Currency, int UnitAmount);
