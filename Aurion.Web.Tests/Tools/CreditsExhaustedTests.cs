using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

public sealed class CreditsExhaustedTests(AurionApp app) : IClassFixture<AurionApp>
{
    private const string Page = "/tools/app-builder";

    [Fact]
    public async Task Launching_one_credit_short_is_refused_with_the_dialog_and_without_a_frame()
    {
        var user = await app.GivenUserAsync(credits: 49);

        var response = await app.SignedInAs(user).PostFormAsync(Page, htmx: true);

        var html = await response.ReadHtmlAsync();
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("Credits Exhausted", html.QuerySelector("dialog[role=alertdialog] h2")?.TextContent);
        Assert.Null(html.QuerySelector("iframe"));
        Assert.Equal(49, await AvailableAsync(user));
    }

    [Fact]
    public async Task Without_script_a_refused_launch_is_a_whole_page_with_the_dialog_open()
    {
        var user = await app.GivenUserAsync(credits: 0);

        var response = await app.SignedInAs(user).PostFormAsync(Page);

        var html = await response.ReadHtmlAsync();
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.NotNull(html.QuerySelector("html > body dialog[open]"));
        Assert.Null(html.QuerySelector("iframe"));
    }

    [Fact]
    public async Task A_second_session_that_cannot_be_paid_is_refused_and_the_first_one_goes_on()
    {
        var user = await app.GivenUserAsync(credits: 99);
        var browser = app.SignedInAs(user);
        await browser.PostFormAsync(Page);

        var response = await browser.PostFormAsync(Page, new { newSession = "true" }, htmx: true);

        var html = await response.ReadHtmlAsync();
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Null(html.QuerySelector("iframe"));
        Assert.Equal(Page, html.QuerySelector(".notice.ok a")?.GetAttribute("href"));
        Assert.NotNull((await browser.GetPageAsync(Page)).QuerySelector("iframe"));
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, false)]
    public async Task Over_a_running_tool_the_dialog_waits_for_the_button_that_asks_for_more_than_is_left(int credits, bool waits)
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(credits));
        await browser.PostFormAsync(Page);

        var html = await browser.GetPageAsync(Page);

        Assert.NotNull(html.QuerySelector("iframe"));
        Assert.Equal(waits ? false : null, html.QuerySelector("#credits-exhausted")?.HasAttribute("open"));
        var again = html.QuerySelector<IHtmlButtonElement>("#launch-tool")!;
        Assert.Equal((false, "credits-exhausted"), (again.IsDisabled, again.GetAttribute("data-opens")));
    }

    [Theory]
    [InlineData(0, 50)]
    [InlineData(49, 1)]
    public async Task Opening_the_page_without_enough_credits_shows_the_dialog_at_once_and_the_button_off_with_its_reason(int credits, int missing)
    {
        var user = await app.GivenUserAsync(credits);

        var html = await app.SignedInAs(user).GetPageAsync(Page);

        var button = html.QuerySelector<IHtmlButtonElement>("#launch-tool")!;
        Assert.True(button.IsDisabled);
        Assert.Contains("launch-why", button.GetAttribute("aria-describedby"), StringComparison.Ordinal);
        Assert.Equal($"{missing}", html.QuerySelector("#launch-why [data-missing]")?.TextContent);
        Assert.False(html.QuerySelector("#launch-why")!.HasAttribute("hidden"));
        Assert.True(html.QuerySelector("#credits-exhausted")!.HasAttribute("open"));
        Assert.Null(html.QuerySelector("iframe"));
    }

    [Fact]
    public async Task With_just_enough_credits_the_button_is_on_and_there_is_no_dialog()
    {
        var html = await app.SignedInAs(await app.GivenUserAsync(credits: 50)).GetPageAsync(Page);

        Assert.Equal("Launch Tool · 50 credits", html.QuerySelector("#launch-tool")?.TextContent);
        Assert.False(html.QuerySelector("#launch-tool")!.HasAttribute("disabled"));
        Assert.True(html.QuerySelector("#launch-why")!.HasAttribute("hidden"));
        Assert.Null(html.QuerySelector("dialog"));
    }

    [Theory]
    [InlineData(74, "24 credits will be left.")]
    [InlineData(75, "")]
    [InlineData(76, "")]
    public async Task Under_a_quarter_of_the_plan_a_line_says_what_will_be_left(int credits, string line)
    {
        var html = await app.SignedInAs(await app.GivenUserAsync(credits)).GetPageAsync(Page);

        Assert.Equal(line, html.QuerySelector("#launch-left")?.TextContent.Trim());
    }

    [Theory]
    [InlineData("free", "starter")]
    [InlineData("starter", "plus")]
    [InlineData("pro", "enterprise")]
    [InlineData("enterprise", null)]
    public async Task The_dialog_offers_the_cheapest_plan_above_ones_own_in_one_click(string own, string? offered)
    {
        var user = await app.GivenUserAsync(credits: 20);
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = @own WHERE user_id = @Id", new { own, user.Id });

        var dialog = (await app.SignedInAs(user).GetPageAsync(Page)).QuerySelector("#credits-exhausted")!;

        var form = dialog.QuerySelector<IHtmlFormElement>("form[method=post]");
        Assert.Equal(offered, form is null ? null : Fields(form).Single(field => field.Key == "plan").Value);
        Assert.All(dialog.QuerySelectorAll("form[method=post]"), post => Assert.Equal("/billing/checkout", post.GetAttribute("action")));
        Assert.Equal("/pricing", dialog.QuerySelectorAll("a").Single(link => link.TextContent == "View Plans & Upgrade").GetAttribute("href"));
    }

    [Fact]
    public async Task The_dialog_says_what_is_missing_when_credits_return_and_what_is_within_reach()
    {
        var user = await app.GivenUserAsync(credits: 20);
        var renewal = await app.ScalarAsync<DateTime>("SELECT current_period_end FROM user_plans WHERE user_id = @Id", new { user.Id });

        var dialog = (await app.SignedInAs(user).GetPageAsync(Page)).QuerySelector("#credits-exhausted")!;

        var text = Words(dialog);
        Assert.Contains("App Builder costs 50 credits. You have 20, so you are short by 30.", text, StringComparison.Ordinal);
        Assert.Contains($"Your credits renew on {renewal:MMMM d},", text, StringComparison.Ordinal);
        Assert.Contains("Content Generator (15), Code Editor (10), Text Editor (5).", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frozen_account_is_told_why_and_where_to_pay()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("UPDATE user_credits SET frozen_at = now() WHERE user_id = @Id; UPDATE user_plans SET status = 'past_due' WHERE user_id = @Id", new { user.Id });

        var response = await app.SignedInAs(user).PostFormAsync(Page, htmx: true);

        var html = await response.ReadHtmlAsync();
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("Your plan's credits wait until its payment succeeds.", html.QuerySelector("#launch-why:not([hidden])")?.TextContent, StringComparison.Ordinal);
        Assert.Null(html.QuerySelector("iframe"));
        Assert.Null(html.QuerySelector("dialog"));
        Assert.Equal("/billing", (await app.SignedInAs(user).GetPageAsync("/tools")).QuerySelector(".notice.danger a")?.GetAttribute("href"));
    }

    [Fact]
    public async Task Who_contested_a_payment_is_not_asked_to_pay_it()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("UPDATE user_credits SET frozen_at = now() WHERE user_id = @Id", new { user.Id });

        foreach (var page in new[] { Page, "/tools" })
        {
            var html = await app.SignedInAs(user).GetPageAsync(page);
            Assert.Contains("contested at your bank", html.QuerySelector(".notice.warn")?.TextContent, StringComparison.Ordinal);
            Assert.Equal("/billing/packs", html.QuerySelector(".notice.warn a")?.GetAttribute("href"));
            Assert.Null(html.QuerySelector(".notice.danger"));
        }
    }

    [Fact]
    public async Task In_French_the_words_are_French_and_those_of_the_guide_stay()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(credits: 20));
        browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr");

        var html = await browser.GetPageAsync(Page);

        var dialog = Words(html.QuerySelector("#credits-exhausted")!);
        Assert.Equal("fr", html.DocumentElement.GetAttribute("lang"));
        Assert.Equal("Launch Tool · 50\u00a0crédits", html.QuerySelector("#launch-tool")?.TextContent);
        Assert.Contains("Credits Exhausted", dialog, StringComparison.Ordinal);
        Assert.Contains("View Plans & Upgrade", dialog, StringComparison.Ordinal);
        Assert.Contains("App Builder coûte 50\u00a0crédits. Il vous en reste 20, il vous en manque 30.", dialog, StringComparison.Ordinal);
        Assert.Contains("1\u202f000\u00a0crédits / mois", dialog, StringComparison.Ordinal);
    }

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static List<KeyValuePair<string, string>> Fields(IHtmlFormElement form) =>
        [.. form.QuerySelectorAll<IHtmlInputElement>("input").Select(input => KeyValuePair.Create(input.Name!, input.Value))];

    private Task<int> AvailableAsync(TestUser user) =>
        app.ScalarAsync<int>("SELECT total_credits - used_credits + bonus_credits FROM user_credits WHERE user_id = @Id", new { user.Id });
}
