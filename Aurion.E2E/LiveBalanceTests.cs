using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>What happens in one tab shows in the others without a reload.</summary>
public sealed class LiveBalanceTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory, InlineData("en"), InlineData("fr")]
    public async Task A_launch_in_another_tab_shows_on_the_dashboard(string language)
    {
        var dashboard = await VisitAsync(new(language));
        await dashboard.SignUpAsync();
        await dashboard.SeesBalanceAsync(100);

        var tool = await dashboard.OpenTabAsync("/tools/app-builder");
        await tool.LaunchButton.ClickAsync();

        await dashboard.SeesBalanceAsync(50);
        await Expect(dashboard.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "−50" })).ToHaveCountAsync(1, new() { Timeout = 5_000 });
        await dashboard.CheckAsync();
    }

    [Fact]
    public async Task A_payment_in_another_tab_unblocks_the_tool()
    {
        var blocked = await VisitAsync();
        var email = await blocked.SignUpAsync();
        await Site.SqlAsync(Guide.SpendAll.For(email));
        await blocked.OpenAsync("/tools/app-builder");
        await Expect(blocked.Exhausted).ToBeVisibleAsync();

        var paying = await blocked.OpenTabAsync("/pricing");
        await paying.Button("Choose Starter").ClickAsync();
        await paying.PayAsync(CardPage.Accepted);
        await paying.SeesWelcomeAsync("Starter");

        await Expect(blocked.Exhausted).ToBeHiddenAsync(new() { Timeout = 5_000 });
        await blocked.LaunchButton.ClickAsync();
        await Expect(blocked.Frame).ToBeVisibleAsync();
        await blocked.SeesBalanceAsync(950);
    }

    [Fact]
    public async Task Signing_out_in_one_tab_ends_the_other()
    {
        var first = await VisitAsync();
        await first.SignUpAsync();
        var second = await first.OpenTabAsync("/account/sign-out");
        await second.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await second.Page.WaitForURLAsync(url => new Uri(url).AbsolutePath != "/account/sign-out");

        await first.Page.GotoAsync("/tools/app-builder");

        await Expect(first.LaunchButton).ToHaveCountAsync(0);
        await first.Page.GotoAsync("/dashboard");
        await first.ArriveAsync("/account/sign-in");
    }
}
