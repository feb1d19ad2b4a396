using System.Diagnostics;
using System.Net;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Aurion.Web.Tests.Design;

public sealed class VisitorPagesTests(AurionApp app) : IClassFixture<AurionApp>
{
    public static readonly TheoryData<string> Pages = ["/", "/pricing", "/tools", "/help"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Visitors_of_one_second_get_the_same_page_each_with_a_token_that_works_for_them_alone(string page)
    {
        var (first, second) = (app.Anonymous(), app.Anonymous());
        var (one, other) = (await ReadAsync(first, page), await ReadAsync(second, page));

        Assert.NotEqual(one.Token, other.Token);
        Assert.Equal(one.Html.Replace(one.Token, "", StringComparison.Ordinal), other.Html.Replace(other.Token, "", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, (await ChooseAsync(first, other.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await ChooseAsync(first, one.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await ChooseAsync(second, other.Token)).StatusCode);
        Assert.Contains("""data-theme="dark" """.Trim(), (await ReadAsync(first, page)).Html);
        Assert.Contains("""data-theme="auto" """.Trim(), (await ReadAsync(app.Anonymous(), page)).Html);
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/pricing", true)]
    [InlineData("/tools", true)]
    [InlineData("/help", true)]
    [InlineData("/account/sign-in", false)]
    public async Task A_page_that_is_kept_is_sent_whole_and_no_page_sets_a_cookie_but_the_tokens(string page, bool kept)
    {
        var response = await app.Anonymous().GetAsync(page);

        Assert.Equal(!kept, response.Headers.TransferEncodingChunked ?? false);
        Assert.StartsWith("aurion-csrf=", Assert.Single(response.Headers.GetValues("Set-Cookie")));
    }

    [Fact]
    public async Task A_page_is_rendered_at_most_once_a_second_and_shows_a_new_price_then()
    {
        IHtmlDocument old, still;
        TimeSpan between;
        // On a busy machine the second may be over before the page is asked for again.
        var tries = 0;
        do
        {
            Assert.True(tries++ < 20, "The page never came twice within a second.");
            await app.ExecuteAsync("UPDATE tools SET cost = 5 WHERE tool_id = 'text-editor'");
            await Task.Delay(TimeSpan.FromSeconds(1.1));
            var started = Stopwatch.GetTimestamp();
            old = await app.Anonymous().GetPageAsync("/tools");
            await app.ExecuteAsync("UPDATE tools SET cost = 7 WHERE tool_id = 'text-editor'");
            still = await app.Anonymous().GetPageAsync("/tools");
            between = Stopwatch.GetElapsedTime(started);
        }
        while (between > TimeSpan.FromSeconds(0.9));

        await Task.Delay(TimeSpan.FromSeconds(1.1));
        var renewed = await app.Anonymous().GetPageAsync("/tools");
        await app.ExecuteAsync("UPDATE tools SET cost = 5 WHERE tool_id = 'text-editor'");

        Assert.Equal(old.Body!.TextContent, still.Body!.TextContent);
        Assert.DoesNotContain("7 credits", old.Body.TextContent);
        Assert.Contains("7 credits", renewed.Body!.TextContent);
    }

    [Fact]
    public async Task Each_language_has_its_own_rendering()
    {
        var french = app.Anonymous();
        french.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr");
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("fr", (await french.GetPageAsync("/pricing")).DocumentElement.GetAttribute("lang"));
            Assert.Equal("en", (await app.Anonymous().GetPageAsync("/pricing")).DocumentElement.GetAttribute("lang"));
        }
    }

    [Fact]
    public async Task Nobody_is_given_what_is_for_somebody_else()
    {
        var user = await app.GivenUserAsync();
        var member = app.SignedInAs(user);
        await member.PostFormAsync("/account/preferences", new Dictionary<string, string> { ["Input.FullName"] = "Ada", ["Input.TimeZone"] = "UTC" });
        var leaver = app.Anonymous();
        leaver.Jar[CookieTempDataProvider.CookieName] = member.Jar[CookieTempDataProvider.CookieName];
        var visitor = await ReadAsync(app.Anonymous(), "/pricing");

        Assert.Contains("Saved.", (await ReadAsync(leaver, "/pricing")).Html);
        Assert.DoesNotContain("Saved.", (await ReadAsync(app.Anonymous(), "/pricing")).Html);
        Assert.DoesNotContain("Saved.", (await ReadAsync(leaver, "/pricing")).Html);
        Assert.Contains("csrf-token", (await ReadAsync(app.SignedInAs(user), "/pricing")).Html);
        Assert.DoesNotContain("csrf-token", visitor.Html);
    }

    [Theory]
    [InlineData("/tools?q=chat")]
    [InlineData("/TOOLS")]
    public async Task An_address_of_ones_own_is_answered_for_itself(string address)
    {
        await app.Anonymous().GetPageAsync("/tools");

        var html = await app.Anonymous().GetPageAsync(address);

        Assert.Equal(address, html.QuerySelector(".foot input[name=returnUrl]")!.GetAttribute("value"));
    }

    private static async Task<(string Html, string Token)> ReadAsync(TestClient browser, string page)
    {
        var response = await browser.GetAsync(page);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var html = await response.Content.ReadAsStringAsync();
        return (html, html.Split("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"")[1].Split('"')[0]);
    }

    private static Task<HttpResponseMessage> ChooseAsync(TestClient browser, string token) => browser.SendFormAsync("/preferences/theme",
        [new("theme", "dark"), new("__RequestVerificationToken", token)]);
}
