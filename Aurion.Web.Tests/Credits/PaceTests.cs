using Aurion.Web.Credits;

namespace Aurion.Web.Tests.Credits;

public sealed class PaceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1001, 1)]
    [InlineData(1000, 0)]
    public void What_lasts_until_the_renewal_is_said_as_what_will_be_left(int available, int left)
    {
        var pace = Pace.Of(available, spent: 3000, since: Now.AddDays(-30), Now, renewsAt: Now.AddDays(10));

        Assert.Equal(new Pace(PerDay: 100, LeftAtRenewal: left, RunsOutAt: null), pace);
    }

    [Fact]
    public void What_does_not_last_is_said_as_the_day_it_runs_out()
    {
        var pace = Pace.Of(available: 400, spent: 3000, since: Now.AddDays(-30), Now, renewsAt: Now.AddDays(10));

        Assert.Equal(new Pace(100, 0, Now.AddDays(4)), pace);
    }

    [Fact]
    public void A_first_day_counts_as_a_whole_one()
    {
        var pace = Pace.Of(available: 50, spent: 50, since: Now.AddMinutes(-10), Now, renewsAt: Now.AddDays(30));

        Assert.Equal(new Pace(50, 0, Now.AddDays(1)), pace);
    }

    [Fact]
    public void What_is_used_up_does_not_run_out_again() =>
        Assert.Equal(new Pace(100, 0, null), Pace.Of(available: 0, spent: 3000, since: Now.AddDays(-30), Now, renewsAt: Now.AddDays(10)));

    [Fact]
    public void Whoever_spends_nothing_never_runs_out() =>
        Assert.Equal(new Pace(0, 100, null), Pace.Of(available: 100, spent: 0, since: Now.AddDays(-30), Now, renewsAt: Now.AddDays(10)));

    [Fact]
    public void A_renewal_that_is_late_leaves_what_is_there() =>
        Assert.Equal(20, Pace.Of(available: 20, spent: 3000, since: Now.AddDays(-30), Now, renewsAt: Now.AddDays(-1)).LeftAtRenewal);
}
