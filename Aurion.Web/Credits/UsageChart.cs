using System.Globalization;
using Aurion.Data.Dashboard;

namespace Aurion.Web.Credits;

/// <summary>Days of spending laid out as bars, so that the view only writes attributes.</summary>
public sealed class UsageChart
{
    public const int Width = 600;
    public const int Height = 170;
    private const int Gap = 6;

    public UsageChart(IReadOnlyList<DailySpend> days)
    {
        Days = days;
        Total = days.Sum(day => day.Credits);
        Peak = days.MaxBy(day => day.Credits) is { Credits: > 0 } peak ? peak : null;
        Ceiling = RoundUp(Peak?.Credits ?? 0);
        var step = days.Count == 0 ? Width : (double)Width / days.Count;
        Bars = [.. days.Select((day, i) => Lay(day, (i * step) + (Gap / 2.0), step - Gap, Scale(day.Credits)))];
    }

    public IReadOnlyList<DailySpend> Days { get; }
    public IReadOnlyList<Bar> Bars { get; }
    public int Total { get; }
    public DailySpend? Peak { get; }

    /// <summary>The value of the top line: 1, 2 or 5 times a power of ten.</summary>
    public int Ceiling { get; }

    // A day that spent anything keeps a visible sliver.
    private double Scale(int credits) =>
        credits == 0 ? 0 : Math.Max(3, Math.Round((double)credits / Ceiling * Height, 1));

    private static int RoundUp(int peak)
    {
        for (var power = 10; ; power *= 10)
            foreach (var factor in (ReadOnlySpan<int>)[1, 2, 5])
                if (power * factor >= peak)
                    return power * factor;
    }

    // An attribute has a point, whatever the language of the page.
    private static Bar Lay(DailySpend day, double x, double width, double height) =>
        new(day, Number(x), Number(Height - height), Number(width), Number(height));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>One day's bar, as SVG attributes.</summary>
    public sealed record Bar(DailySpend Day, string X, string Y, string Width, string Height);
}
