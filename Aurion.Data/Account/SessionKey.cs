namespace Aurion.Data.Account;

/// <summary>Names one account session.</summary>
public sealed record SessionKey(Guid UserId, Guid SessionId);
