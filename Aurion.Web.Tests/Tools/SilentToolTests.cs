using System.Net;
using AngleSharp.Dom;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>A tool that never reports that it is ready costs nothing; one that has served somebody does.</summary>
public sealed class SilentToolTests(AurionApp app) : IClassFixture<AurionApp>
{
    private const string Page = "/tools/app-builder";

    [Fact]
    public async Task A_tool_that_never_asked_for_its_session_is_given_back_and_the_page_says_so()
    {
        var (user, browser, frame) = await GivenLaunchAsync();

        var page = await (await ReportAsync(browser, frame)).ReadHtmlAsync();

        var said = page.QuerySelector("#launch [role=alert]")!.TextContent;
        Assert.Contains("App Builder did not start.", said, StringComparison.Ordinal);
        Assert.Contains("You were not charged: 50 credits are back in your account.", said, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("iframe"));
        Assert.NotNull(page.QuerySelector("#launch button#launch-tool:not([disabled])"));
        Assert.Equal(100, await AvailableAsync(user));
        Assert.Equal(["credit_refund"], await app.QueryAsync<string>("SELECT action_type FROM usage_logs WHERE user_id = @Id AND delta > 0 AND action_type <> 'credits_granted'", new { user.Id }));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(frame)).StatusCode);
    }

    [Fact]
    public async Task A_tool_that_asked_for_its_session_is_paid_and_the_session_stays()
    {
        var (user, browser, frame) = await GivenLaunchAsync();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(frame)).StatusCode);

        var page = await (await ReportAsync(browser, frame)).ReadHtmlAsync();

        Assert.Contains("You were not charged again; your session stays open.", page.QuerySelector("#launch [role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(50, await AvailableAsync(user));
        Assert.NotNull((await browser.GetPageAsync(Page)).QuerySelector("iframe"));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(frame)).StatusCode);
    }

    [Fact]
    public async Task Of_many_reports_at_once_one_gives_back()
    {
        var (user, browser, frame) = await GivenLaunchAsync();
        var token = await browser.FormTokenAsync(Page, Page + "/silent");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            browser.SendFormAsync(Page + "/silent", [new("sessionId", SessionOf(frame)), new("__RequestVerificationToken", token)], htmx: true)));

        Assert.Equal(100, await AvailableAsync(user));
    }

    [Fact]
    public async Task A_report_and_the_tools_first_question_at_once_never_both_succeed()
    {
        for (var round = 0; round < 8; round++)
        {
            var (user, browser, frame) = await GivenLaunchAsync();
            var token = await browser.FormTokenAsync(Page, Page + "/silent");

            var asked = AskAsync(frame);
            await browser.SendFormAsync(Page + "/silent", [new("sessionId", SessionOf(frame)), new("__RequestVerificationToken", token)], htmx: true);

            Assert.Equal((await asked).IsSuccessStatusCode ? 50 : 100, await AvailableAsync(user));
        }
    }

    [Fact]
    public async Task Nobody_gives_back_the_session_of_somebody_else()
    {
        var (user, _, frame) = await GivenLaunchAsync();
        var (stranger, browser, _) = await GivenLaunchAsync();

        await ReportAsync(browser, frame);

        Assert.Equal((50, 50), (await AvailableAsync(user), await AvailableAsync(stranger)));
    }

    [Fact]
    public async Task In_French_it_says_the_same()
    {
        var (user, _, frame) = await GivenLaunchAsync();
        await app.ExecuteAsync("UPDATE profiles SET locale = 'fr' WHERE id = @Id", new { user.Id });
        var browser = app.SignedInAs(await app.SignInAsync(user.Id, user.Email));
        browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr");

        var page = await (await ReportAsync(browser, frame)).ReadHtmlAsync();

        Assert.Contains("Rien n’a été débité\u00a0: 50", page.QuerySelector("#launch [role=alert]")!.TextContent, StringComparison.Ordinal);
    }

    private async Task<(TestUser User, TestClient Browser, IElement Frame)> GivenLaunchAsync()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        var page = await (await browser.PostFormAsync(Page, htmx: true)).ReadHtmlAsync();
        return (user, browser, page.QuerySelector("#launch")!);
    }

    private static string SessionOf(IElement launch) => launch.QuerySelector("form[action$='/silent'] input[name=sessionId]")!.GetAttribute("value")!;

    private static Task<HttpResponseMessage> ReportAsync(TestClient browser, IElement launch) =>
        browser.PostFormAsync(Page + "/silent", new { sessionId = SessionOf(launch) }, from: Page, htmx: true);

    /// <summary>The tool asks whom it serves.</summary>
    private Task<HttpResponseMessage> AskAsync(IElement launch) => app.Anonymous().PostJsonAsync("/api/validate-tool-session",
        new { sessionToken = launch.QuerySelector("iframe")!.GetAttribute("data-session-token"), toolId = "app-builder" });

    private Task<int> AvailableAsync(TestUser user) =>
        app.ScalarAsync<int>("SELECT total_credits - used_credits FROM user_credits WHERE user_id = @Id", new { user.Id });
}
