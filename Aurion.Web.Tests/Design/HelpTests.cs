using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Account;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Design;

public sealed class HelpTests(AurionApp app, HelpTests.Reachable reachable) : IClassFixture<AurionApp>, IClassFixture<HelpTests.Reachable>
{
    [Theory]
    [InlineData("en", "Help and contact", "What if a tool fails?")]
    [InlineData("fr", "Aide et contact", "Et si un outil échoue\u00a0?")]
    public async Task Ten_questions_are_answered_in_two_or_three_sentences_whose_links_lead_somewhere(string language, string title, string question)
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());
        browser.Jar["lang"] = language;

        var page = await browser.GetPageAsync("/help");

        Assert.Equal(title, page.QuerySelector("h1")!.TextContent);
        Assert.Contains(question, page.QuerySelectorAll(".legal h2").Select(heading => heading.TextContent));
        Assert.Equal(10, page.QuerySelectorAll(".legal h2[id]").Length);
        Assert.All(page.QuerySelectorAll(".legal h2"), heading => Assert.Equal("P", heading.NextElementSibling?.NodeName));
        foreach (var link in page.QuerySelectorAll("main a").Select(link => link.GetAttribute("href")!).Distinct(StringComparer.Ordinal))
            Assert.Equal((link, HttpStatusCode.OK), (link, (await browser.GetAsync(link.Split('#')[0])).StatusCode));
        Assert.NotNull((await browser.GetPageAsync("/account/preferences")).QuerySelector("#limits"));
    }

    [Theory]
    [InlineData("en", "has not given an address for questions yet")]
    [InlineData("fr", "n’a pas encore indiqué d’adresse")]
    public async Task Without_an_address_the_page_says_so(string language, string words)
    {
        var browser = app.Anonymous();
        browser.Jar["lang"] = language;

        var contact = (await browser.GetPageAsync("/help")).QuerySelector("section[aria-labelledby=contact]")!;

        Assert.Contains(words, contact.TextContent, StringComparison.Ordinal);
        Assert.Null(contact.QuerySelector("a[href^='mailto:']"));
    }

    [Fact]
    public async Task With_an_address_people_can_write_to_it()
    {
        var contact = (await reachable.Anonymous().GetPageAsync("/help")).QuerySelector("section[aria-labelledby=contact]")!;

        Assert.Equal("mailto:help@aurion.example", contact.QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal("help@aurion.example", contact.QuerySelector("a")!.TextContent);
        Assert.DoesNotContain("has not given", contact.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_error_leads_to_help(int status)
    {
        var answer = await app.Anonymous().GetAsync($"/status/{status}");

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.NotNull((await answer.ReadHtmlAsync()).QuerySelector<IHtmlAnchorElement>(".error-page a[href='/help']"));
    }

    [Fact]
    public async Task Each_page_leads_to_help_and_that_of_an_administrator_to_the_accounts()
    {
        Assert.NotNull((await app.Anonymous().GetPageAsync("/")).QuerySelector(".foot a[href='/help']"));
        var admin = app.SignedInAs(await app.GivenUserAsync(email: "admin@test.example"));
        var page = await admin.GetPageAsync("/dashboard");
        Assert.NotNull(page.QuerySelector(".foot a[href='/help']"));
        Assert.Equal("/admin/users", page.QuerySelector(".nav a[href^='/admin']")?.GetAttribute("href"));
        (await admin.GetAsync("/admin")).AssertGoesTo("/admin/users");
        Assert.Null((await app.SignedInAs(await app.GivenUserAsync()).GetPageAsync("/dashboard")).QuerySelector(".nav a[href^='/admin']"));
    }

    public sealed class Reachable : AurionApp
    {
        protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal) { ["AURION_CONTACT"] = "help@aurion.example" };
    }
}
