using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

public sealed class LaunchPageTests(AurionApp app) : IClassFixture<AurionApp>
{
    private const string Page = "/tools/app-builder";

    [Theory]
    [InlineData(50, 0)]
    [InlineData(51, 1)]
    public async Task Launching_with_enough_credits_takes_the_price_and_opens_the_frame(int credits, int left)
    {
        var user = await app.GivenUserAsync(credits);

        var response = await app.SignedInAs(user).PostFormAsync(Page, htmx: true);

        var html = await response.ReadHtmlAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotNull(html.QuerySelector("#launch iframe"));
        Assert.Equal(left, await AvailableAsync(user));
    }

    [Fact]
    public async Task Without_script_a_launch_answers_with_a_redirect_to_the_page_that_shows_the_frame()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);

        var response = await browser.PostFormAsync(Page);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(Page, response.Headers.Location?.OriginalString);
        Assert.NotNull((await browser.GetPageAsync(Page)).QuerySelector("iframe"));
        Assert.Equal(50, await AvailableAsync(user));
    }

    [Fact]
    public async Task The_frame_is_sandboxed_on_another_origin_and_its_address_carries_no_token()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        await browser.PostFormAsync(Page);

        var frame = (IHtmlInlineFrameElement)(await browser.GetPageAsync(Page)).QuerySelector("iframe")!;

        var token = frame.GetAttribute("data-session-token");
        Assert.Equal("allow-scripts allow-forms allow-same-origin allow-downloads allow-modals allow-popups allow-popups-to-escape-sandbox", frame.GetAttribute("sandbox"));
        Assert.StartsWith("http://127.0.0.1:5085/", frame.Source, StringComparison.Ordinal);
        Assert.Equal("http://127.0.0.1:5085", frame.GetAttribute("data-tool-origin"));
        Assert.NotEmpty(token!);
        Assert.DoesNotContain(token!, frame.Source!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_the_page_again_resumes_the_same_session_for_nothing()
    {
        var user = await app.GivenUserAsync();
        await app.SignedInAs(user).PostFormAsync(Page);

        var first = Frame(await app.SignedInAs(user).GetPageAsync(Page));
        var second = Frame(await app.SignedInAs(user).GetPageAsync(Page));

        Assert.Equal(first.GetAttribute("data-session-token"), second.GetAttribute("data-session-token"));
        Assert.Equal(50, await AvailableAsync(user));
    }

    [Fact]
    public async Task Launching_while_a_session_runs_costs_nothing_and_launching_again_on_purpose_pays()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        await browser.PostFormAsync(Page);

        await browser.PostFormAsync(Page);
        Assert.Equal(50, await AvailableAsync(user));

        await browser.PostFormAsync(Page, new { newSession = "true" });
        Assert.Equal(0, await AvailableAsync(user));
    }

    [Fact]
    public async Task Sending_the_same_form_twice_is_one_launch()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        var page = await browser.GetPageAsync(Page);
        var form = Fields(page.QuerySelector<IHtmlFormElement>("#launch form")!);
        form.Add(new("newSession", "true"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.SendFormAsync(Page, form, htmx: true)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(50, await AvailableAsync(user));
    }

    [Fact]
    public async Task A_form_that_was_used_for_another_tool_is_refused_and_takes_nothing()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        await browser.PostFormAsync("/tools/text-editor", new { operationId = "once" });

        var response = await browser.PostFormAsync(Page, new { operationId = "once" }, htmx: true);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.NotNull((await response.ReadHtmlAsync()).QuerySelector("[role=alert]"));
        Assert.Equal(95, await AvailableAsync(user));
    }

    [Fact]
    public async Task A_tool_that_is_coming_soon_is_shown_and_never_launched_or_charged()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);

        var html = await browser.GetPageAsync("/tools/video-generation");
        var response = await browser.PostFormAsync("/tools/video-generation", from: Page);

        Assert.Null(html.QuerySelector("#launch-tool"));
        Assert.Contains("Coming soon", html.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal(100, await AvailableAsync(user));
    }

    [Theory]
    [InlineData("/tools/nothing-of-ours")]
    [InlineData("/tools/App%20Builder")]
    public async Task An_unknown_tool_is_not_found(string page)
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(page)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostFormAsync(page, from: Page)).StatusCode);
    }

    [Fact]
    public async Task A_visitor_sees_the_tool_and_its_price_and_is_led_to_an_account()
    {
        var visitor = app.Anonymous();

        var html = await visitor.GetPageAsync(Page);

        Assert.Contains("50 credits", html.QuerySelector("#launch")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(html.QuerySelector("#launch a[href='/account/sign-up?returnUrl=/tools/app-builder']"));
        Assert.Null(html.QuerySelector("#launch form"));
    }

    [Fact]
    public async Task A_form_without_the_antiforgery_token_is_refused()
    {
        var user = await app.GivenUserAsync();

        var response = await app.SignedInAs(user).SendFormAsync(Page, [], htmx: true);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(100, await AvailableAsync(user));
    }

    [Fact]
    public async Task The_page_and_its_fragment_are_kept_apart_by_caches()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());

        var response = await browser.GetAsync(Page);

        Assert.Contains("HX-Request", response.Headers.Vary);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Every_form_of_the_page_carries_the_antiforgery_token_so_that_it_works_without_script()
    {
        var closed = await app.SignedInAs(await app.GivenUserAsync(credits: 20)).GetPageAsync(Page);
        var catalogue = await app.SignedInAs(await app.GivenUserAsync()).GetPageAsync("/tools");

        var forms = closed.QuerySelectorAll("main form[method=post]").Concat(catalogue.QuerySelectorAll("main form[method=post]")).ToList();
        Assert.Equal(3, forms.Count);
        Assert.All(forms, form => Assert.NotNull(form.QuerySelector("input[name=__RequestVerificationToken]")));
    }

    private static IElement Frame(IHtmlDocument html) => html.QuerySelector("iframe")!;

    private static List<KeyValuePair<string, string>> Fields(IHtmlFormElement form) =>
        [.. form.QuerySelectorAll<IHtmlInputElement>("input").Select(input => KeyValuePair.Create(input.Name!, input.Value))];

    private Task<int> AvailableAsync(TestUser user) =>
        app.ScalarAsync<int>("SELECT total_credits - used_credits + bonus_credits FROM user_credits WHERE user_id = @Id", new { user.Id });
}
