using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>The way from paying by the month to paying by the year, and back.</summary>
public sealed class YearlyTests(ChangeTests.App app) : IClassFixture<ChangeTests.App>
{
    [Theory]
    [InlineData("month", "year", "Pay Plus by the year")]
    [InlineData("year", "month", "Pay Plus by the month")]
    public async Task Pricing_offers_the_other_period_of_the_own_plan(string paid, string other, string words)
    {
        var user = await app.GivenSubscriberAsync("plus", paid);

        var own = await OffersAsync(user, paid);
        var others = await OffersAsync(user, other);

        Assert.Contains(own, offer => offer is ("Your plan", null));
        Assert.Contains(others, offer => offer == (words, $"/billing/change?plan=plus&interval={other}"));
        Assert.Contains(others, offer => offer == ("Change to Pro", $"/billing/change?plan=pro&interval={other}"));
        Assert.DoesNotContain(others, offer => offer.Text == "Your plan");
    }

    [Fact]
    public async Task A_year_begins_at_once_and_going_back_to_months_waits_for_its_end()
    {
        var user = await app.GivenSubscriberAsync("plus");
        await app.ChangeAsync(user, "plus", "year");
        await app.SettleAsync();
        Assert.Equal("year", await IntervalAsync(user));

        await app.ChangeAsync(user, "plus", "month");
        await app.SettleAsync();
        Assert.Equal("year", await IntervalAsync(user));
        Assert.Contains("you pay by the month; until then nothing changes.", await app.BillingTextAsync(user), StringComparison.Ordinal);

        await app.AdvanceAsync(TimeSpan.FromDays(366));
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal("month", await IntervalAsync(user));
        var account = await app.AccountAsync(user);
        Assert.Equal((5000, 0, "plus", "active"), (account.Total, account.Used, account.Plan, account.Status));
    }

    [Fact]
    public async Task What_is_planned_already_is_not_planned_again()
    {
        var user = await app.GivenSubscriberAsync("plus", "year");
        await app.ChangeAsync(user, "plus", "month");

        var again = await app.SignedInAs(user).GetAsync("/billing/change?plan=plus&interval=month");

        Assert.Equal("/billing", again.Headers.Location?.ToString());
    }

    private async Task<IReadOnlyList<(string Text, string? Address)>> OffersAsync(TestUser user, string period) =>
        [.. (await app.SignedInAs(user).GetPageAsync($"/pricing?period={period}")).QuerySelectorAll("#plans .btn").Select(button => (button.TextContent.Trim(), button.GetAttribute("href")))];

    private Task<string> IntervalAsync(TestUser user) => app.ScalarAsync<string>("SELECT billing_interval FROM user_plans WHERE user_id = @Id", new { user.Id });
}
