using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>A real conversation in a real browser.</summary>
public sealed class ChatTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory]
    [InlineData("en", false, 1280)]
    [InlineData("fr", true, 390)]
    public async Task A_conversation_is_streamed_survives_a_reload_is_stopped_and_shared(string language, bool dark, int width)
    {
        var visitor = await VisitAsync(new(language, dark, width));
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/tools/ai-chat");
        await visitor.ArriveAsync("/chat");
        await SendAsync("Compare tea and coffee");
        await Expect(visitor.Page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await visitor.SeesBalanceAsync(99);
        await visitor.CheckAsync();

        // Slow enough to be watched; a reload in the middle goes on where it was.
        await SendAsync("Repeat: " + string.Join(' ', Enumerable.Range(1, 60)) + " fail:slow");
        var writing = visitor.Page.Locator("[aria-busy=true] [data-text]");
        await Expect(writing).ToContainTextAsync("1 2 3");
        await Expect(visitor.Page.GetByLabel(visitor.Say("Your message"))).ToBeEmptyAsync();
        await visitor.CheckAsync();
        await visitor.Page.ReloadAsync();
        await Expect(writing).ToContainTextAsync("1 2 3 4 5 6");
        await visitor.Button("Stop").ClickAsync();
        await Expect(visitor.Page.GetByText(visitor.Say("You stopped this answer."))).ToBeVisibleAsync();
        await visitor.SeesBalanceAsync(98);

        await SendAsync("Please begin fail:500");
        await Expect(visitor.Page.GetByText(visitor.Say("You were not charged."))).ToBeVisibleAsync();
        await visitor.SeesBalanceAsync(98);
        // The composer lies over whatever is scrolled under it.
        await visitor.Page.EvaluateAsync("scrollTo(0, document.body.scrollHeight)");
        await visitor.CheckAsync();

        await visitor.Page.Locator(".bar .drop > summary").ClickAsync();
        await visitor.CheckAsync();
        await visitor.Button("Make a read-only link").ClickAsync();
        await visitor.Page.Locator(".bar .drop > summary").ClickAsync();
        var link = await visitor.Link("read-only link").GetAttributeAsync("href");
        var reader = await VisitAsync(new(language));
        await reader.OpenAsync(link!);
        await Expect(reader.Page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await reader.CheckAsync();

        async Task SendAsync(string text)
        {
            await visitor.Page.GetByLabel(visitor.Say("Your message")).FillAsync(text);
            await visitor.Button("Send").ClickAsync();
        }
    }

    [Theory, InlineData("en", 1280), InlineData("fr", 390)]
    public async Task A_file_shows_what_it_adds_is_taken_off_again_and_goes_with_the_message(string language, int width)
    {
        var visitor = await VisitAsync(new(language, Width: width));
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/chat");
        await visitor.Page.GetByLabel(visitor.Say("Your message")).FillAsync("Compare tea and coffee");
        await visitor.Page.Locator("input[type=file]").SetInputFilesAsync([Text("notes.txt"), Text("more.txt")]);
        var waiting = visitor.Page.Locator("#attachments li");
        await Expect(waiting).ToHaveCountAsync(2);
        await visitor.CheckAsync();

        await waiting.Nth(1).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(waiting).ToHaveCountAsync(1);
        await visitor.Button("Send").ClickAsync();

        await Expect(visitor.Page.Locator(".you .attached")).ToContainTextAsync("notes.txt");
        await Expect(visitor.Page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await Expect(waiting).ToHaveCountAsync(0);
        await visitor.CheckAsync();

        static FilePayload Text(string name) => new() { Name = name, MimeType = "text/plain", Buffer = "The kettle is on the stove."u8.ToArray() };
    }

    [Fact]
    public async Task Without_script_a_message_is_posted_and_answered_on_its_page()
    {
        var visitor = await VisitAsync(new(JavaScript: false));
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/chat");
        await visitor.Page.GetByLabel("Your message").FillAsync("Compare tea and coffee");
        await visitor.Button("Send").ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await visitor.SeesBalanceAsync(99);
        await visitor.CheckAsync();
    }
}
