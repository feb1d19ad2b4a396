namespace Aurion.Data.Account;

/// <summary>What the account page shows. Without a password date, the person signs in elsewhere.</summary>
public sealed record AccountOverview(Profile Profile, DateTimeOffset? PasswordChangedAt, IReadOnlyList<AccountSession> Sessions);
