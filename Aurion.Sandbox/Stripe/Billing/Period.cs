namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>Billing periods are counted from their anchor, so that 31 January leads to 28 or 29 February and then to 31 March.</summary>
internal static class Period
{
    public static long EndAfter(long start, long anchor, string interval, int count)
    {
        var from = DateTimeOffset.FromUnixTimeSeconds(anchor);
        var (step, guess) = interval switch
        {
            "day" => (0, (start - anchor) / (86400L * count)),
            "week" => (0, (start - anchor) / (7 * 86400L * count)),
            "year" => (12 * count, MonthsBetween(from, start) / (12L * count)),
            _ => (count, MonthsBetween(from, start) / count),
        };
        for (var n = guess - 1; ; n++)
        {
            var end = step == 0 ? anchor + (n * count * (interval == "week" ? 7 : 1) * 86400) : from.AddMonths((int)(n * step)).ToUnixTimeSeconds();
            if (end > start)
                return end;
        }
    }

    private static long MonthsBetween(DateTimeOffset from, long until)
    {
        var to = DateTimeOffset.FromUnixTimeSeconds(until);
        return ((to.Year - from.Year) * 12L) + to.Month - from.Month;
    }

    /// <summary>The part of an amount that falls in <paramref name="from"/>…<paramref name="end"/> of a period, to the nearest cent.</summary>
    public static long Share(long amount, long from, long start, long end) =>
        end <= start ? 0 : (long)Math.Round((decimal)amount * Math.Clamp(end - from, 0, end - start) / (end - start), MidpointRounding.AwayFromZero);
}
