using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

public sealed class CatalogueTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Theory]
    [InlineData("editor", "code-editor", "text-editor")]
    [InlineData("EDITEUR", "code-editor", "text-editor")]
    [InlineData("éditeur", "code-editor", "text-editor")]
    [InlineData("d'images", "image-generation")]
    [InlineData("redaction campagnes", "content-generator")]
    [InlineData("writing", "content-generator", "text-editor")]
    public async Task Search_knows_both_languages_and_neither_case_nor_accents(string search, params string[] found)
    {
        var html = await app.Anonymous().GetPageAsync($"/tools?q={Uri.EscapeDataString(search)}");

        Assert.Equal(found, Tools(html));
    }

    [Fact]
    public async Task A_search_without_result_says_so_and_leads_back()
    {
        var html = await app.Anonymous().GetPageAsync("/tools?q=piano");

        Assert.Empty(Tools(html));
        Assert.Equal("/tools", html.QuerySelector(".empty a")?.GetAttribute("href"));
    }

    [Fact]
    public async Task Category_and_order_are_in_the_address()
    {
        var html = await app.Anonymous().GetPageAsync("/tools?category=writing&sort=cost");

        Assert.Equal(["text-editor", "content-generator"], Tools(html));
        Assert.Equal("writing", html.QuerySelector<IHtmlSelectElement>("#category")!.Value);
        Assert.Equal("cost", html.QuerySelector<IHtmlSelectElement>("#sort")!.Value);
    }

    [Theory]
    [InlineData(14, false)]
    [InlineData(15, true)]
    [InlineData(16, true)]
    public async Task Within_reach_is_what_the_balance_pays_for(int credits, bool reached)
    {
        var html = await app.SignedInAs(await app.GivenUserAsync(credits)).GetPageAsync("/tools?show=reach");

        Assert.Equal(reached, Tools(html).Contains("content-generator"));
        Assert.DoesNotContain("ai-chat", Tools(html));
    }

    [Fact]
    public async Task A_card_beyond_the_balance_says_what_is_missing_and_one_within_does_not()
    {
        var html = await app.SignedInAs(await app.GivenUserAsync(credits: 30)).GetPageAsync("/tools");

        var shortOf = html.QuerySelectorAll("[data-short-of]").ToLookup(line => line.GetAttribute("data-short-of"));
        Assert.All(shortOf["50"], line => Assert.Equal("20", line.QuerySelector("[data-missing]")?.TextContent));
        Assert.All(shortOf["50"], line => Assert.False(line.HasAttribute("hidden")));
        Assert.All(shortOf["30"], line => Assert.True(line.HasAttribute("hidden")));
        Assert.Equal(2, shortOf["50"].Count());
    }

    [Fact]
    public async Task A_visitor_sees_every_tool_with_its_price_and_nobodys_balance()
    {
        var html = await app.Anonymous().GetPageAsync("/tools");

        var costs = await app.QueryAsync<int>("SELECT cost FROM tools ORDER BY sort");
        Assert.Equal(costs.Select(cost => cost == 1 ? "1 credit" : $"{cost} credits"), html.QuerySelectorAll("#catalogue .cost").Select(badge => badge.TextContent));
        Assert.Null(html.QuerySelector(".pill"));
        Assert.Null(html.QuerySelector(".fav"));
        Assert.Null(html.QuerySelector("[data-short-of]"));
    }

    [Fact]
    public async Task A_favourite_is_kept_and_let_go_without_script()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());

        var kept = await browser.PostFormAsync("/tools/ai-agents/favourite", new { keep = "true", returnUrl = "/tools?sort=cost" }, from: "/tools");
        Assert.Equal("/tools?sort=cost", kept.Headers.Location?.OriginalString);
        Assert.Equal(["ai-agents"], Tools(await browser.GetPageAsync("/tools?show=favourites")));

        await browser.PostFormAsync("/tools/ai-agents/favourite", new { keep = "false" }, from: "/tools");
        Assert.Empty(Tools(await browser.GetPageAsync("/tools?show=favourites")));
    }

    [Fact]
    public async Task With_script_a_favourite_answers_with_its_own_button()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());

        var response = await browser.PostFormAsync("/tools/ai-agents/favourite", new { keep = "true" }, from: "/tools", htmx: true);

        var button = (await response.ReadHtmlAsync()).QuerySelector("button")!;
        Assert.Equal("true", button.GetAttribute("aria-pressed"));
        Assert.Equal("false", button.GetAttribute("value"));
        Assert.Equal("Favourite: AI Agents", button.GetAttribute("aria-label"));
    }

    [Fact]
    public async Task Nobody_sees_the_favourites_of_another()
    {
        await app.SignedInAs(await app.GivenUserAsync()).PostFormAsync("/tools/ai-agents/favourite", new { keep = "true" }, from: "/tools");

        var html = await app.SignedInAs(await app.GivenUserAsync()).GetPageAsync("/tools?show=favourites");

        Assert.Empty(Tools(html));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task A_favourite_leads_back_to_this_site_only(string target)
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());

        var response = await browser.PostFormAsync("/tools/ai-agents/favourite", new { keep = "true", returnUrl = target }, from: "/tools");

        Assert.Equal("/tools", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task An_unknown_tool_cannot_be_a_favourite()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());

        var response = await browser.PostFormAsync("/tools/nothing/favourite", new { keep = "true" }, from: "/tools");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Searching_with_script_brings_the_list_alone_and_its_address()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());
        browser.Http.DefaultRequestHeaders.Add("HX-Request", "true");

        var response = await browser.GetAsync("/tools?q=%20text%20&category=&show=&sort=cost");

        var html = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<html", html, StringComparison.Ordinal);
        Assert.Equal(["/tools?q=text&sort=cost"], response.Headers.GetValues("HX-Replace-Url"));
    }

    [Fact]
    public async Task Every_tool_and_category_has_French_words()
    {
        var visitor = app.Anonymous();
        var english = Sentences(await visitor.GetPageAsync("/tools"));
        visitor.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr");
        var french = Sentences(await visitor.GetPageAsync("/tools"));

        // Names that are the same in French are proper names.
        string[] same = ["App Builder", "Website Builder", "Conversation"];
        Assert.Equal(same, english.Zip(french).Where(pair => pair.First == pair.Second).Select(pair => pair.First).Distinct());
    }

    private static IEnumerable<string> Sentences(IHtmlDocument html) =>
        html.QuerySelectorAll("#catalogue .tool :is(h2, p, .tag)").Select(words => words.TextContent.Trim());

    private static string[] Tools(IHtmlDocument html) =>
        [.. html.QuerySelectorAll("#catalogue h2 a").Select(link => link.GetAttribute("href")!.Split('/')[^1])];
}
