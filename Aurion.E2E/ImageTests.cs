using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>Pictures from the prompt to the file in a real browser.</summary>
public sealed class ImageTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory]
    [InlineData("en", false, 1280)]
    [InlineData("fr", true, 390)]
    public async Task Pictures_appear_as_they_are_drawn_are_looked_at_varied_and_deleted(string language, bool dark, int width)
    {
        var visitor = await VisitAsync(new(language, dark, width));
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/tools/image-generation");
        await visitor.ArriveAsync("/images");
        await visitor.CheckAsync();
        await visitor.Page.Locator("#prompt").FillAsync("Three bottles in the morning light");
        await visitor.Page.GetByLabel("2", new() { Exact = true }).CheckAsync();
        await Expect(visitor.Page.Locator("#make-button")).ToContainTextAsync("20");
        await visitor.Page.Locator("#make-button").ClickAsync();
        await Expect(visitor.Page.Locator("#batches section[aria-busy=true]")).ToBeVisibleAsync();
        await visitor.CheckAsync();
        await Expect(visitor.Page.Locator(".tile img")).ToHaveCountAsync(2, new() { Timeout = 60_000 });
        await visitor.SeesBalanceAsync(80);

        await visitor.Page.Locator("#prompt").FillAsync("A lamp fail:nsfw");
        await visitor.Page.GetByLabel("1", new() { Exact = true }).CheckAsync();
        await visitor.Page.Locator("#make-button").ClickAsync();
        await Expect(visitor.Page.GetByText(visitor.Say("You were not charged."))).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await visitor.SeesBalanceAsync(80);
        await visitor.CheckAsync();

        await visitor.Page.Locator(".tile > a").First.ClickAsync();
        await Expect(visitor.Page.Locator("#look img")).ToBeVisibleAsync();
        await visitor.CheckAsync();
        await visitor.Page.Locator("#look summary").ClickAsync();
        await visitor.Button("Delete for good").ClickAsync();
        await visitor.ArriveAsync("/images");
        await Expect(visitor.Page.Locator(".tile img")).ToHaveCountAsync(1);
    }
}
