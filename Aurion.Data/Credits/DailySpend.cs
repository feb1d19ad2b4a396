namespace Aurion.Data.Credits;

/// <summary>The credits that one day's actions cost, days counted in UTC.</summary>
public sealed record DailySpend(DateOnly Day, int Credits);
