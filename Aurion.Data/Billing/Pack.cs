namespace Aurion.Data.Billing;

/// <summary>Credits that are bought once.</summary>
public sealed record Pack(string Id, string Name, int Credits, int PriceCents);

/// <summary>One price at Stripe and the pack that it buys.</summary>
public sealed record PackPrice(string PriceId, string ProductId, string PackId, string Currency, int UnitAmount);
