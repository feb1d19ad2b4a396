using System.Globalization;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Infrastructure;

/// <summary>How numbers, credits, prices and dates are written, in the language of the request; times in its <see cref="Zone"/>.</summary>
public static class Formats
{
    private static bool IsFrench => CultureInfo.CurrentCulture.TwoLetterISOLanguageName == "fr";

    /// <summary>1,840 · 1 840 (a narrow no-break space).</summary>
    public static string Grouped(this int number) => number.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>+100 · −50, with a true minus sign.</summary>
    public static string WithSign(this int number) =>
        number > 0 ? $"+{number.Grouped()}" : number < 0 ? $"\u2212{Math.Abs(number).Grouped()}" : "0";

    /// <summary>50 credits · 1 crédit.</summary>
    public static string Credits(this IStringLocalizer<SharedText> words, int credits) =>
        Math.Abs(credits) == 1 || (credits == 0 && IsFrench) ? words["{0} credit", credits.Grouped()] : words["{0} credits", credits.Grouped()];

    /// <summary>$9 · 9 $; cents are shown when there are any, or when asked for as on an invoice.</summary>
    public static string Dollars(this int cents, bool withCents = false)
    {
        var amount = (Math.Abs(cents) / 100m).ToString(withCents || cents % 100 != 0 ? "N2" : "N0", CultureInfo.CurrentCulture);
        var sign = cents < 0 ? "\u2212" : "";
        return IsFrench ? $"{sign}{amount}\u00a0$" : $"{sign}${amount}";
    }

    /// <summary>$33.31 · 33,31 $, of micro-dollars; amounts below a cent keep five places.</summary>
    public static string MicroDollars(this long microDollars)
    {
        var places = microDollars != 0 && Math.Abs(microDollars) < 10_000 ? "N5" : "N2";
        var amount = (Math.Abs(microDollars) / 1_000_000m).ToString(places, CultureInfo.CurrentCulture);
        var sign = microDollars < 0 ? "\u2212" : "";
        return IsFrench ? $"{sign}{amount}\u00a0$" : $"{sign}${amount}";
    }

    /// <summary>Nov 1 · 1er nov.</summary>
    public static string ShortDay(this DateTimeOffset time) => DateOnly.FromDateTime(time.Local()).ShortDay();

    /// <summary>Nov 1 · 1er nov.</summary>
    public static string ShortDay(this DateOnly day) => Day(day, IsFrench ? " MMM" : "MMM ");

    /// <summary>December 1 · 1er décembre.</summary>
    public static string Day(this DateTimeOffset time) => Day(DateOnly.FromDateTime(time.Local()), IsFrench ? " MMMM" : "MMMM ");

    /// <summary>December 1, 2026 · 1er décembre 2026.</summary>
    public static string DayAndYear(this DateTimeOffset time) =>
        $"{time.Day()}{(IsFrench ? " " : ", ")}{time.Local().Year.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Nov 1, 14:02 · 1er nov., 14:02.</summary>
    public static string DayAndTime(this DateTimeOffset time) =>
        $"{time.ShortDay()}, {time.Time()}";

    /// <summary>Nov 1, 14:02 (Europe/Paris): where the zone must be named beside the time.</summary>
    public static string Moment(this DateTimeOffset time) => $"{time.DayAndTime()} ({Zone.Name})";

    /// <summary>14:02</summary>
    public static string Time(this DateTimeOffset time) => time.Local().ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>4 min ago · il y a 4 min; after a day the date.</summary>
    public static string Ago(this IStringLocalizer<SharedText> words, DateTimeOffset time, DateTimeOffset now)
    {
        var passed = now - time;
        if (passed >= TimeSpan.FromDays(1))
            return time.ShortDay();
        if (passed >= TimeSpan.FromHours(1))
            return words["{0} h ago", (int)passed.TotalHours];
        return passed >= TimeSpan.FromMinutes(1) ? words["{0} min ago", (int)passed.TotalMinutes] : words["just now"];
    }

    /// <summary>in 9 days · dans 9 jours, counted in calendar days.</summary>
    public static string InDays(this IStringLocalizer<SharedText> words, DateTimeOffset time, DateTimeOffset now) =>
        (time.Local().Date - now.Local().Date).Days switch
        {
            <= 0 => words["today"],
            1 => words["tomorrow"],
            var days => words["in {0} days", days],
        };

    /// <summary>Whether it was on an earlier calendar day.</summary>
    public static bool IsBefore(this DateTimeOffset time, DateTimeOffset now) => time.Local().Date < now.Local().Date;

    /// <summary>When the plan's credits come back; a window that is long over waits for its payment.</summary>
    public static string Renewal(this IStringLocalizer<SharedText> words, DateTimeOffset time, DateTimeOffset now) => time.IsBefore(now)
        ? words["Your credits renew once the last invoice is paid."]
        : words["Your credits renew on {0}, {1}.", time.Day(), words.InDays(time, now)];

    private static string Day(DateOnly day, string month)
    {
        var name = day.ToString(month, CultureInfo.CurrentCulture);
        if (!IsFrench)
            return $"{name}{day.Day}";
        return day.Day == 1 ? $"1er{name}" : $"{day.Day}{name}";
    }
}
