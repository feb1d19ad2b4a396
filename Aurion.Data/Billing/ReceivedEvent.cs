namespace Aurion.Data.Billing;

/// <summary>An incoming event as operators see it.</summary>
public sealed record ReceivedEvent(
    string Id, string Type, string State, string ObjectKind, string ObjectId, string? Email, int Attempts, int? DurationMs,
    string? Reason, string? LastError, DateTimeOffset ReceivedAt, DateTimeOffset NextAttemptAt);

public sealed record EventCount(string State, int Count);
