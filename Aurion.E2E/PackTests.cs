using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>A pack bought at zero credits: the page that was blocked works again by itself.</summary>
public sealed class PackTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory]
    [InlineData("en", 1280, false)]
    [InlineData("fr", 390, true)]
    public async Task A_pack_bought_at_zero_credits_lifts_the_block_without_a_reload(string language, int width, bool dark)
    {
        var visitor = await VisitAsync(new(language, dark, width));
        var email = await visitor.SignUpAsync();
        await Site.SqlAsync(Guide.SpendAll.For(email));
        await visitor.OpenAsync("/tools/app-builder");
        await Expect(visitor.Exhausted).ToBeVisibleAsync();

        var shop = await visitor.OpenTabAsync(await visitor.Exhausted.GetByRole(AriaRole.Link, new() { Name = visitor.Say("Buy a credit pack") }).GetAttributeAsync("href") ?? "");
        await shop.Page.GetByRole(AriaRole.Button, new() { Name = visitor.Say("Buy 300 credits for $4") }).ClickAsync();
        await shop.PayAsync(CardPage.Accepted, "Pay");
        await SeesPackAsync(shop);
        await shop.CheckAsync();
        await shop.SeesBalanceAsync(300);

        await visitor.Page.BringToFrontAsync();
        await Expect(visitor.Exhausted).ToBeHiddenAsync(new() { Timeout = 5_000 });
        await visitor.LaunchButton.ClickAsync();
        await Expect(visitor.Frame).ToBeVisibleAsync();
        await visitor.SeesBalanceAsync(250);
    }

    [Theory]
    [InlineData("en", 1280, false)]
    [InlineData("fr", 390, true)]
    public async Task Top_ups_are_switched_on_and_off_with_the_keyboard_alone(string language, int width, bool dark)
    {
        var visitor = await VisitAsync(new(language, dark, width));
        visitor.Expect(422);
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/billing/packs");
        await visitor.Page.GetByRole(AriaRole.Checkbox).First.CheckAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = visitor.Say("Buy 300 credits for $4") }).ClickAsync();
        await visitor.PayAsync(CardPage.Accepted, "Pay");
        await SeesPackAsync(visitor);

        await visitor.OpenAsync("/billing/top-up");
        await visitor.TabToAsync(visitor.Page.Locator("#Input_Cap"));
        await visitor.Page.Keyboard.PressAsync("Control+A");
        await visitor.Page.Keyboard.TypeAsync("abc");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.Locator("#Input_Cap-error")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("#Input_Cap")).ToBeFocusedAsync();
        await Expect(visitor.Page.Locator("#Input_Cap")).ToHaveValueAsync("abc");
        await visitor.CheckAsync();

        await visitor.Page.Keyboard.PressAsync("Control+A");
        await visitor.Page.Keyboard.TypeAsync(language == "fr" ? "25,50" : "25.50");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.TabToAsync(visitor.Button("Switch off"));
        await visitor.CheckAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Button("Switch on")).ToBeVisibleAsync();
    }

    /// <summary>Back from the payment: the page moves on by itself once the credits are there.</summary>
    private static async Task SeesPackAsync(Visitor shop)
    {
        await shop.ReachAsync("/billing/return");
        await Expect(shop.Page.GetByRole(AriaRole.Heading, new() { Name = shop.Say("300 credits more") })).ToBeVisibleAsync(new() { Timeout = 15_000 });
    }
}
