using System.Buffers.Binary;
using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>
/// Takes the README's pictures. AURION_SCREENSHOTS=docs puts them where the README looks for them; otherwise they are kept
/// beside the test assembly, and taking them proves that the pages still can be shown this way.
/// </summary>
[Collection(PagesCollection.Name)]
public sealed class PictureTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("AURION_SCREENSHOTS") is { Length: > 0 } chosen
        ? Path.GetFullPath(chosen)
        : Path.Combine(AppContext.BaseDirectory, "pictures");

    [Fact]
    public async Task The_pages_of_the_README()
    {
        var visitor = await VisitAsync();
        await visitor.OpenAsync("/");
        await TakeAsync(visitor, "landing");

        await visitor.SignInAsync(Site.State.Demo("plus"));
        await TakeAsync(visitor, "dashboard");
        await visitor.OpenAsync("/tools");
        await TakeAsync(visitor, "catalogue");
        await visitor.OpenAsync("/billing");
        await TakeAsync(visitor, "billing");

        var newcomer = await VisitAsync();
        var email = await newcomer.SignUpAsync();
        await newcomer.LaunchAsync("app-builder");
        await newcomer.Tool.Locator("[data-example]").First.ClickAsync();
        await newcomer.Tool.Locator("#composer button").ClickAsync();
        await newcomer.Tool.Locator("[data-build]").ClickAsync();
        await Expect(newcomer.Tool.FrameLocator("#preview").Locator("#list li").First).ToBeVisibleAsync();
        await TakeAsync(newcomer, "tool");
        await Site.SqlAsync(Guide.SpendAll.For(email));
        await newcomer.OpenAsync("/tools/website-builder");
        await Expect(newcomer.Exhausted).ToBeVisibleAsync();
        await TakeAsync(newcomer, "exhausted");
        await newcomer.OpenAsync("/billing/checkout?plan=starter&interval=month");
        await TakeAsync(newcomer, "checkout");
    }

    [Fact]
    public async Task The_dashboard_on_a_phone_in_French_and_in_the_dark()
    {
        var visitor = await VisitAsync(new("fr", Dark: true, Width: 390));
        await visitor.SignInAsync(Site.State.Demo("plus"));
        await TakeAsync(visitor, "dashboard-fr-dark");
    }

    private static async Task TakeAsync(Visitor visitor, string name)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, name + ".png");
        // The sandbox's own bar is no part of the product.
        await visitor.Page.EvaluateAsync("() => document.querySelector('.devbar')?.remove()");
        var picture = await visitor.Page.ScreenshotAsync(new() { Path = path });

        Assert.Equal(visitor.Page.ViewportSize!.Width, BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)));
        Assert.True(picture.Length > 10_000, $"{path} shows nothing: {picture.Length} bytes");
    }
}
