using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>Moves the clock, hence an application of its own.</summary>
public sealed class ExpiredSessionTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task After_24_hours_the_page_says_that_the_session_ended_and_offers_a_new_launch()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        await browser.PostFormAsync("/tools/text-editor");

        app.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        var before = await browser.GetPageAsync("/tools/text-editor");
        var countdown = int.Parse(before.QuerySelector("[data-countdown]")!.GetAttribute("data-countdown")!, null);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var after = await browser.GetPageAsync("/tools/text-editor");

        Assert.NotNull(before.QuerySelector("iframe"));
        Assert.InRange(countdown, 30, 60);
        Assert.Null(after.QuerySelector("iframe"));
        Assert.Contains("Your session ended", after.QuerySelector("[role=status].notice")?.TextContent, StringComparison.Ordinal);
        Assert.False(after.QuerySelector("#launch-tool")!.HasAttribute("disabled"));
    }
}
