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
        var salon = newcomer.Tool.FrameLocator("#preview");
        await salon.Locator("#name").FillAsync("Ada");
        await salon.Locator("#form button").ClickAsync();
        await Expect(salon.Locator("#bookings li")).ToBeVisibleAsync();
        await TakeAsync(newcomer, "tool");
        await Site.SqlAsync(Guide.SpendAll.For(email));
        await newcomer.OpenAsync("/tools/website-builder");
        await Expect(newcomer.Exhausted).ToBeVisibleAsync();
        await TakeAsync(newcomer, "exhausted");
        await newcomer.OpenAsync("/billing/checkout?plan=starter&interval=month");
        await TakeAsync(newcomer, "checkout");
    }

    [Theory]
    [InlineData("en", 1280, "", "Compare tea, coffee and cocoa", "Write a page for a pottery class", "Three bottles in the morning light")]
    [InlineData("fr", 390, "-fr-phone", "Compare le thé, le café et le cacao", "Écris une page pour un cours de poterie", "Trois bouteilles dans la lumière du matin")]
    public async Task What_people_make_with_a_model(string language, int width, string suffix, string question, string program, string picture)
    {
        var visitor = await VisitAsync(new(language, Width: width));
        await visitor.SignInAsync(Site.State.Demo("plus"));
        await visitor.OpenAsync("/chat");
        await SendAsync(question);
        await Expect(visitor.Page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        await TakeAsync(visitor, "chat" + suffix);

        await visitor.OpenAsync("/code");
        await SendAsync(program);
        await Expect(visitor.Page.Locator("pre code").First).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        await TakeAsync(visitor, "code" + suffix);

        await visitor.OpenAsync("/images");
        await visitor.Page.Locator("#prompt").FillAsync(picture);
        await visitor.Page.GetByLabel("4", new() { Exact = true }).CheckAsync();
        await visitor.Page.Locator("#make-button").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = picture })).ToBeVisibleAsync();
        var tiles = visitor.Page.Locator(".tiles").First;
        await Expect(tiles.Locator("img")).ToHaveCountAsync(4, new() { Timeout = 120_000 });
        await tiles.EvaluateAsync("tiles => tiles.scrollIntoView({ block: 'nearest' })");
        await TakeAsync(visitor, "pictures" + suffix);

        async Task SendAsync(string text)
        {
            await visitor.Field("Your message").FillAsync(text);
            await visitor.Button("Send").ClickAsync();
        }
    }

    [Fact]
    public async Task What_people_make_with_tools()
    {
        var visitor = await VisitAsync();
        await visitor.SignInAsync(Site.State.Demo("plus"));
        await visitor.LaunchAsync("website-builder");
        await visitor.Tool.Locator("#brief").FillAsync("A site for a village bakery: bread, opening hours, and how to find it.");
        await visitor.Tool.Locator("#composer button").ClickAsync();
        await visitor.Tool.Locator("[data-build]").ClickAsync();
        await Expect(visitor.Tool.FrameLocator("#preview").GetByRole(AriaRole.Link, new() { Name = "Bread" })).ToBeVisibleAsync();
        await TakeAsync(visitor, "site");

        await visitor.LaunchAsync("ai-agents");
        await visitor.Tool.Locator("[data-example=example-orders]").ClickAsync();
        await Expect(visitor.Tool.Locator("#files li")).ToHaveCountAsync(1);
        await visitor.Tool.Locator("#composer button").ClickAsync();
        await visitor.Tool.Locator("#approve").ClickAsync();
        await Expect(visitor.Tool.Locator("#status")).ToHaveTextAsync("Done", new() { Timeout = 120_000 });
        await TakeAsync(visitor, "report");

        await visitor.LaunchAsync("content-generator");
        await visitor.Tool.Locator("[data-example]").First.ClickAsync();
        await visitor.Tool.Locator("#write").ClickAsync();
        await Expect(visitor.Tool.Locator(".variant")).ToHaveCountAsync(2);
        await Expect(visitor.Tool.Locator(".variant .bar-line:visible")).ToHaveCountAsync(0);
        await TakeAsync(visitor, "article");

        await visitor.LaunchAsync("text-editor");
        await visitor.Tool.Locator("#doc").FillAsync("We have recieved the plan and we definately agree with it.");
        await visitor.Tool.Locator("[data-command=fix]").ClickAsync();
        await Expect(visitor.Tool.Locator("#doc ins")).ToHaveCountAsync(2);
        await TakeAsync(visitor, "text");

        await visitor.LaunchAsync("code-editor");
        await visitor.Tool.Locator("[data-example]").First.ClickAsync();
        await visitor.Tool.Locator("[data-command=fix]").ClickAsync();
        await Expect(visitor.Tool.Locator("#take")).ToBeVisibleAsync();
        await TakeAsync(visitor, "program");
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
