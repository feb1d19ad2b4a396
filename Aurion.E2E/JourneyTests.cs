using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>The whole documented journey, in one go and in every look.</summary>
public sealed class JourneyTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory]
    [InlineData("en", false, 1280)]
    [InlineData("fr", true, 390)]
    public async Task Sign_up_launch_twice_be_blocked_pay_and_go_on(string language, bool dark, int width)
    {
        var visitor = await VisitAsync(new(language, dark, width));
        visitor.Expect(403);

        await visitor.OpenAsync("/");
        await visitor.Link("Start for free").ClickAsync();
        await visitor.ArriveAsync("/account/sign-up");
        var email = Visitor.NewAddress();
        await visitor.FillAccountAsync(email, "lanterne-violette-82");
        await visitor.Button("Create my account").ClickAsync();
        await visitor.ArriveAsync("/dashboard");
        await visitor.SeesBalanceAsync(100);

        await visitor.LaunchAsync("app-builder");
        await visitor.SeesBalanceAsync(50);
        await visitor.LaunchAgainAsync();
        await visitor.SeesBalanceAsync(0);

        // Once more: the dialog stands over the tool, which goes on.
        await visitor.LaunchAgainAsync();
        await Expect(visitor.Exhausted).ToBeVisibleAsync();
        await visitor.CheckAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.SessionMenu).ToBeFocusedAsync();
        await Expect(visitor.Frame).ToHaveCountAsync(1);

        await visitor.OpenAsync("/tools/website-builder");
        await Expect(visitor.Exhausted).ToBeVisibleAsync();
        await Expect(visitor.LaunchButton).ToBeDisabledAsync();
        await Expect(visitor.Frame).ToHaveCountAsync(0);

        await visitor.Exhausted.GetByRole(AriaRole.Button, new() { Name = visitor.Say("Upgrade to Starter") }).ClickAsync();
        await visitor.PayAsync(CardPage.Accepted);
        await visitor.SeesWelcomeAsync("Starter");
        await visitor.SeesBalanceAsync(1000);

        await visitor.Link("Back to the tool").ClickAsync();
        await visitor.ArriveAsync("/tools/website-builder");
        await visitor.LaunchButton.ClickAsync();
        await Expect(visitor.Frame).ToBeVisibleAsync();
        await visitor.SeesBalanceAsync(950);
        Assert.Equal(50, Assert.Single(await Site.SqlAsync(Guide.Credits.For(email)))["used_credits"]);
    }
}
