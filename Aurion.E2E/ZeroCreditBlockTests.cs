using System.Text.RegularExpressions;
using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>The guide's Test 3.</summary>
public sealed class ZeroCreditBlockTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory, InlineData("en"), InlineData("fr")]
    public async Task Without_credits_there_is_no_way_to_use_a_tool(string language)
    {
        var visitor = await VisitAsync(new(language));
        var email = await visitor.SignUpAsync();
        await Site.SqlAsync(Guide.SpendAll.For(email));

        await visitor.OpenAsync("/tools/app-builder");

        await Expect(visitor.Exhausted).ToBeVisibleAsync();
        await Expect(visitor.Frame).ToHaveCountAsync(0);
        await Expect(visitor.LaunchButton).ToBeDisabledAsync();
        await Expect(visitor.Exhausted.GetByRole(AriaRole.Link, new() { Name = "View Plans & Upgrade" })).ToHaveAttributeAsync("href", "/pricing");
    }

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task Credits_that_go_while_the_page_is_open_block_the_launch(string language)
    {
        var visitor = await VisitAsync(new(language));
        var email = await visitor.SignUpAsync();
        await visitor.OpenAsync("/tools/app-builder");
        await Expect(visitor.LaunchButton).ToBeEnabledAsync();

        await Site.SqlAsync(Guide.SpendAll.For(email));

        // Either the page has learnt of it by itself, or the press is refused.
        visitor.Expect(403);
        await Visitor.PressIfEnabledAsync(visitor.LaunchButton);
        await Expect(visitor.LaunchButton).ToBeDisabledAsync();
        await Expect(visitor.Frame).ToHaveCountAsync(0);
        Assert.Equal(100, Assert.Single(await Site.SqlAsync(Guide.Credits.For(email)))["used_credits"]);
        await visitor.CheckAsync();
    }

    [Fact]
    public async Task Escape_and_Later_close_the_dialog_and_the_launch_stays_disabled_with_its_reason()
    {
        var visitor = await VisitAsync();
        var email = await visitor.SignUpAsync();
        await Site.SqlAsync(Guide.SpendAll.For(email));

        await visitor.OpenAsync("/tools/app-builder");
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Exhausted).ToBeHiddenAsync();
        await visitor.KeepsFocusAsync();

        await visitor.Page.ReloadAsync();
        await visitor.Exhausted.GetByRole(AriaRole.Button, new() { Name = "Later" }).ClickAsync();
        await Expect(visitor.Exhausted).ToBeHiddenAsync();
        await Expect(visitor.LaunchButton).ToBeDisabledAsync();
        await Expect(visitor.LaunchButton).ToHaveAccessibleDescriptionAsync(new Regex("Short by 50", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await visitor.CheckAsync();
    }

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task The_blocked_page_works_again_by_itself_when_an_operator_gives_credits(string language)
    {
        var visitor = await VisitAsync(new(language));
        var email = await visitor.SignUpAsync();
        await Site.SqlAsync(Guide.SpendAll.For(email));
        await visitor.OpenAsync("/tools/app-builder");
        await Expect(visitor.Exhausted).ToBeVisibleAsync();

        await Site.SqlAsync("UPDATE user_credits SET used_credits = 0 WHERE user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com')".For(email));

        await Expect(visitor.Exhausted).ToBeHiddenAsync(new() { Timeout = 5_000 });
        await Expect(visitor.LaunchButton).ToBeEnabledAsync();
        await visitor.LaunchButton.ClickAsync();
        await Expect(visitor.Frame).ToBeVisibleAsync();
        await visitor.SeesBalanceAsync(50);
    }

    [Fact]
    public async Task The_demo_account_without_credits_is_blocked()
    {
        var visitor = await VisitAsync();
        await visitor.SignInAsync(Site.State.Demo("empty"));

        await visitor.OpenAsync("/tools/website-builder");

        await Expect(visitor.Exhausted).ToBeVisibleAsync();
        await Expect(visitor.LaunchButton).ToBeDisabledAsync();
    }
}
