using System.Globalization;
using Aurion.Data.Dashboard;
using Aurion.Web.Credits;

namespace Aurion.Web.Tests.Credits;

public sealed class UsageChartTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(10, 10)]
    [InlineData(11, 20)]
    [InlineData(50, 50)]
    [InlineData(51, 100)]
    [InlineData(25_000, 50_000)]
    [InlineData(1_999_999_999, 2_000_000_000)]
    public void The_scale_ends_at_a_round_number_that_holds_the_peak(int peak, int ceiling) =>
        Assert.Equal(ceiling, Of(0, peak).Ceiling);

    [Fact]
    public void The_peak_of_a_full_scale_reaches_the_top_and_a_day_without_use_has_no_bar()
    {
        var bars = Of(0, 100).Bars;

        Assert.Equal(("0", "170"), (bars[1].Y, bars[1].Height));
        Assert.Equal("0", bars[0].Height);
    }

    [Fact]
    public void A_little_use_beside_a_great_one_stays_visible() => Assert.Equal("3", Of(1, 10_000).Bars[0].Height);

    [Fact]
    public void Attributes_are_written_with_a_point_in_every_language()
    {
        var (before, french) = (CultureInfo.CurrentCulture, CultureInfo.GetCultureInfo("fr"));
        CultureInfo.CurrentCulture = french;
        try
        {
            Assert.Equal("203", Of(1, 2, 3).Bars[1].X);
            Assert.DoesNotContain(Of(1, 2, 3, 4, 5, 6, 7).Bars, bar => (bar.X + bar.Y + bar.Width + bar.Height).Contains(',', StringComparison.Ordinal));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Nothing_used_has_no_peak() => Assert.Null(Of(0, 0).Peak);

    private static UsageChart Of(params int[] credits) =>
        new([.. credits.Select((spent, day) => new DailySpend(new DateOnly(2026, 11, 1).AddDays(day), spent))]);
}
