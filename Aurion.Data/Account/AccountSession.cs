namespace Aurion.Data.Account;

/// <summary>A sign-in that has not ended.</summary>
public sealed record AccountSession(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string? UserAgent);
