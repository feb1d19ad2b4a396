using Aurion.Data.Credits;

namespace Aurion.Web.Credits;

/// <summary>The account in the frame of every signed-in page, which <see cref="BalanceFrame"/> sets as a feature of the request.</summary>
/// <param name="Notice">What the owner wants to be told of the balance; "" for nothing.</param>
/// <param name="State">"out", "low" or "", as the database judges the balance.</param>
public sealed record Shell(
    string Plan, string Status, DateTimeOffset? RenewsAt, int Available, string State, bool IsAdmin = false, string? Interval = null, bool EndsThen = false, bool CreditsWait = false,
    string Notice = "", int Expiring = 0, DateTimeOffset? ExpiresAt = null, Owed? Owed = null);
