using AngleSharp.Dom;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class HtmxTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Theory]
    [InlineData("/tools?q=code")]
    [InlineData("/credits?period=all")]
    public async Task Going_back_in_the_history_gets_the_whole_page_and_a_fragment_is_not_mixed_up_with_it(string address)
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());
        browser.Http.DefaultRequestHeaders.Add("HX-Request", "true");
        var fragment = await browser.GetAsync(address);
        browser.Http.DefaultRequestHeaders.Add("HX-History-Restore-Request", "true");

        var page = await browser.GetAsync(address);

        page.EnsureSuccessStatusCode();
        Assert.NotNull((await page.ReadHtmlAsync()).QuerySelector("nav"));
        Assert.Contains("<html", await page.Content.ReadAsStringAsync());
        foreach (var answer in new[] { fragment, page })
            Assert.Superset(new HashSet<string> { "HX-Request", "HX-History-Restore-Request" }, answer.Headers.Vary.ToHashSet());
    }

    [Fact]
    public async Task What_is_no_page_does_not_depend_on_htmx()
    {
        Assert.DoesNotContain("HX-Request", (await app.Anonymous().GetAsync("/health/live")).Headers.Vary);
    }
}
