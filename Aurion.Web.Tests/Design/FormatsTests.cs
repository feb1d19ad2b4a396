using System.Globalization;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Tests.Design;

public sealed class FormatsTests : IDisposable
{
    private readonly CultureInfo before = CultureInfo.CurrentCulture;
    private static readonly DateTimeOffset First = new(2026, 12, 1, 23, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("en", 1840, "1,840")]
    [InlineData("fr", 1840, "1\u202f840")]
    [InlineData("fr", 25000, "25\u202f000")]
    public void Numbers_are_grouped(string language, int number, string written) => Assert.Equal(written, In(language, () => number.Grouped()));

    [Theory]
    [InlineData(100, "+100")]
    [InlineData(-50, "\u221250")]
    [InlineData(0, "0")]
    public void A_movement_carries_its_sign(int number, string written) => Assert.Equal(written, In("en", () => number.WithSign()));

    [Theory]
    [InlineData("en", 2900, false, "$29")]
    [InlineData("en", 2900, true, "$29.00")]
    [InlineData("en", -1250, false, "\u2212$12.50")]
    [InlineData("fr", 2900, false, "29\u00a0$")]
    [InlineData("fr", 499000, true, "4\u202f990,00\u00a0$")]
    public void Prices_are_written(string language, int cents, bool withCents, string written) =>
        Assert.Equal(written, In(language, () => cents.Dollars(withCents)));

    [Theory]
    [InlineData("en", "Dec 1", "December 1", "December 1, 2026")]
    [InlineData("fr", "1er déc.", "1er décembre", "1er décembre 2026")]
    public void Days_are_written(string language, string brief, string day, string full) =>
        Assert.Equal((brief, day, full), In(language, () => (First.ShortDay(), First.Day(), First.DayAndYear())));

    [Fact]
    public void Only_the_first_of_a_month_is_an_ordinal_in_French() =>
        Assert.Equal("2 décembre", In("fr", () => First.AddDays(1).Day()));

    [Theory]
    [InlineData("Asia/Tokyo", "Dec 2, 08:30 (Asia/Tokyo)", "December 2, 2026")]
    [InlineData("America/Los_Angeles", "Dec 1, 15:30 (America/Los_Angeles)", "December 1, 2026")]
    [InlineData("Mars/Olympus", "Dec 1, 23:30 (UTC)", "December 1, 2026")]
    public void Times_are_written_in_the_zone_of_whoever_reads(string zone, string moment, string day)
    {
        Zone.Use(zone);
        Assert.Equal((moment, day), In("en", () => (First.Moment(), First.DayAndYear())));
    }

    public void Dispose()
    {
        CultureInfo.CurrentCulture = before;
        Zone.Use(null);
    }

    private static T In<T>(string language, Func<T> write)
    {
        CultureInfo.CurrentCulture = Localization.Cultures.Single(culture => culture.Name == language);
        return write();
    }
}
