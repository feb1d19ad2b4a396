using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>The journey without a mouse: everything is reached with Tab, shows its focus, and never loses it.</summary>
[Collection(PagesCollection.Name)]
public sealed class KeyboardTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Fact]
    public async Task The_journey_needs_no_mouse()
    {
        var visitor = await VisitAsync();
        visitor.Expect(403);
        var page = visitor.Page;
        await visitor.OpenAsync("/");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeFocusedAsync();
        await visitor.TabToAsync(visitor.Link("Start for free"));
        await page.Keyboard.PressAsync("Enter");
        await visitor.ArriveAsync("/account/sign-up");

        await visitor.TabToAsync(visitor.Field("E-mail"));
        await page.Keyboard.TypeAsync(Visitor.NewAddress());
        await visitor.TabToAsync(visitor.Field("Password"));
        await page.Keyboard.TypeAsync("lanterne-violette-82");
        await page.Keyboard.PressAsync("Enter");
        await visitor.ArriveAsync("/dashboard");

        await visitor.TabToAsync(page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Tools" }));
        await page.Keyboard.PressAsync("Enter");
        await visitor.ArriveAsync("/tools");
        await visitor.TabToAsync(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "App Builder", Exact = true }));
        await page.Keyboard.PressAsync("Enter");
        await visitor.ArriveAsync("/tools/app-builder");

        await visitor.TabToAsync(visitor.LaunchButton);
        await page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Frame).ToBeVisibleAsync();
        await visitor.KeepsFocusAsync();
        // A tool may take the focus for its first field once it is there.
        await Expect(visitor.Tool.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await visitor.TabToAsync(visitor.SessionMenu);
        await page.Keyboard.PressAsync("Enter");
        await visitor.TabToAsync(visitor.Button("Launch again"));
        await page.Keyboard.PressAsync("Enter");
        await visitor.SeesBalanceAsync(0);
        await Expect(visitor.Frame).ToBeVisibleAsync();
        await visitor.KeepsFocusAsync();

        await visitor.OpenAsync("/tools/website-builder");
        await Expect(visitor.Exhausted).ToBeVisibleAsync();
        // The dialog has taken the focus and put it on its first action.
        await Expect(visitor.Exhausted.GetByRole(AriaRole.Button, new() { Name = "Upgrade to Starter" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");

        await visitor.ReachStripeAsync();
        await visitor.TabToAsync(visitor.Field("Card number"));
        await page.Keyboard.TypeAsync(CardPage.Accepted);
        await visitor.TabToAsync(visitor.Field("Expiration"));
        await page.Keyboard.TypeAsync("12 / 34");
        await visitor.TabToAsync(visitor.Field("CVC"));
        await page.Keyboard.TypeAsync("123");
        await visitor.TabToAsync(visitor.Field("Name on card"));
        await page.Keyboard.TypeAsync("Camille Test");
        await page.Keyboard.PressAsync("Enter");
        await visitor.SeesWelcomeAsync("Starter");
        await visitor.TabToAsync(visitor.Link("Back to the tool"));
    }

    [Fact]
    public async Task A_slash_leads_to_the_search()
    {
        var visitor = await VisitAsync();
        await visitor.OpenAsync("/tools");

        await visitor.Page.Keyboard.PressAsync("/");
        await Expect(visitor.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await visitor.Page.Keyboard.TypeAsync("image");

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Text Editor" })).ToHaveCountAsync(0);
        await Expect(visitor.Page).ToHaveURLAsync("/tools?q=image");
        await Expect(visitor.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await visitor.CheckAsync();
    }
}
