namespace Aurion.Data.Billing;

/// <summary>What a person allows, and how this month stands; <paramref name="PausedReason"/> says why we stopped.</summary>
public sealed record TopUpSettings(
    bool Enabled, int Threshold, string PackId, string PackName, int PackCredits, int PackCents, int MonthlyCapCents, int SpentCents,
    string? CardBrand, string? CardLast4, string? PausedReason, DateTimeOffset? PausedAt, bool WaitsForBank);

/// <summary>What a person wants to allow, checked.</summary>
public sealed record TopUpWish(int Threshold, string PackId, int MonthlyCapCents);

/// <summary>A top-up that was begun and has not ended; the card is the one that the person agreed to.</summary>
public sealed record OpenTopUp(
    Guid UserId, Guid OperationId, string CustomerId, string PriceId, int Credits, int Cents, string Currency,
    string? PaymentMethodId, string? PaymentIntentId, string? CardBrand, string? CardLast4, DateTimeOffset CreatedAt, DateTimeOffset? AttemptedAt);
