using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Design;

public sealed class PreferenceTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Theory]
    [InlineData("fr-CA,fr;q=0.9,en;q=0.5", "fr", "Tous vos outils d’IA.")]
    [InlineData("de-DE,en;q=0.5", "en", "All your AI tools.")]
    [InlineData("de-DE", "en", "All your AI tools.")]
    public async Task The_browser_chooses_the_language_until_the_person_does(string accepted, string language, string heading)
    {
        var browser = app.Anonymous();
        browser.Http.DefaultRequestHeaders.Add("Accept-Language", accepted);

        var page = await browser.GetPageAsync("/");

        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
        Assert.StartsWith(heading, page.QuerySelector("h1")!.TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chosen_language_stays()
    {
        var browser = app.Anonymous();

        var answer = await browser.PostFormAsync("/preferences/language", new { lang = "fr", returnUrl = "/pricing?period=year" }, from: "/");

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("/pricing?period=year", answer.Headers.Location!.OriginalString);
        Assert.Equal("fr", (await browser.GetPageAsync("/pricing")).DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task The_server_writes_the_chosen_theme_into_the_page()
    {
        var browser = app.Anonymous();
        Assert.Equal("auto", (await browser.GetPageAsync("/")).DocumentElement.GetAttribute("data-theme"));

        await browser.PostFormAsync("/preferences/theme", new { theme = "dark", returnUrl = "/" }, from: "/");

        Assert.Equal("dark", (await browser.GetPageAsync("/")).DocumentElement.GetAttribute("data-theme"));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\t//evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    public async Task A_preference_returns_to_this_site_only(string returnUrl)
    {
        var answer = await app.Anonymous().PostFormAsync("/preferences/theme", new { theme = "dark", returnUrl }, from: "/");

        Assert.Equal("/", answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("/preferences/theme", "theme", "purple")]
    [InlineData("/preferences/language", "lang", "de")]
    public async Task A_value_that_is_not_offered_is_refused(string address, string field, string value)
    {
        var browser = app.Anonymous();
        var token = await browser.FormTokenAsync("/");

        var answer = await browser.SendFormAsync(address, [new(field, value), new("__RequestVerificationToken", token)]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("/preferences/theme")]
    [InlineData("/preferences/language")]
    public async Task A_page_of_another_site_cannot_set_a_preference(string address)
    {
        var answer = await app.Anonymous().SendFormAsync(address, [new("theme", "dark"), new("lang", "fr")]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
