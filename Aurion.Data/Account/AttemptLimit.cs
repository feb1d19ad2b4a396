namespace Aurion.Data.Account;

/// <summary>At most <paramref name="Burst"/> attempts at once, then one every <paramref name="Interval"/>.</summary>
public sealed record AttemptLimit(string Subject, int Burst, TimeSpan Interval);
