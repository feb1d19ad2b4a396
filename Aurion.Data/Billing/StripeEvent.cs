namespace Aurion.Data.Billing;

/// <summary>An event as it arrived: what it is called, and the object it says to look at.</summary>
public sealed record StripeEvent(
    string Id, string Type, string? ApiVersion, bool Livemode, string? Account,
    string ObjectKind, string ObjectId, string? CustomerId, string Payload, DateTimeOffset CreatedAt);

/// <summary>An event taken from the queue; <paramref name="ReadSeq"/> was drawn before anything is read for it.</summary>
public sealed record ClaimedEvent(
    string Id, string Type, bool Livemode, string? Account, string ObjectKind, string ObjectId, string? CustomerId, int Attempts, long ReadSeq);
