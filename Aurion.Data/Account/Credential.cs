namespace Aurion.Data.Account;

/// <summary>What proves that somebody is the owner of an account.</summary>
public sealed record Credential(Guid UserId, string Email, string PasswordHash, bool IsDisabled);
