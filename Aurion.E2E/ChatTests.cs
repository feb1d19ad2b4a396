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
    public async Task An_answer_is_set_block_by_block_while_it_is_written(string language, int width)
    {
        var visitor = await VisitAsync(new(language, Width: width));
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/chat");
        await visitor.Page.GetByLabel(visitor.Say("Your message")).FillAsync(
            "Repeat: ## Kilns\n\n- **hot** and $x^2$\n- cold\n\n```js\nlet a = 1;\n```\n\n" + string.Join(' ', Enumerable.Range(1, 200)) + " fail:slow");
        await visitor.Button("Send").ClickAsync();

        var writing = visitor.Page.Locator("[aria-busy=true]");
        await Expect(writing.Locator("h3")).ToHaveTextAsync("Kilns");
        await Expect(writing.Locator("li strong")).ToHaveTextAsync("hot");
        await Expect(writing.Locator("li math")).ToBeVisibleAsync();
        await Expect(writing.Locator(".code .hljs-keyword")).ToHaveTextAsync("let");
        await Expect(writing.Locator("[data-text]")).ToContainTextAsync("1 2 3");
        await Expect(writing.Locator("[data-text]")).Not.ToContainTextAsync("Kilns");
        await visitor.CheckAsync();

        await visitor.Button("Stop").ClickAsync();
        await Expect(visitor.Page.GetByText(visitor.Say("You stopped this answer."))).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator(".stream h3")).ToHaveTextAsync("Kilns");
        await visitor.CheckAsync();
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

    [Theory, InlineData("en", false, 1280), InlineData("fr", true, 390)]
    public async Task Formulas_are_set_and_what_is_none_stays_as_it_was_written(string language, bool dark, int width)
    {
        var visitor = await VisitAsync(new(language, dark, width));
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/chat");
        await AskAsync("No formula, and $5 to $10.");
        Assert.DoesNotContain("math", await ScriptsAsync(), StringComparison.Ordinal);

        await AskAsync("""
            Money is $5 or $10, inline $x^2_1$ and \(\frac{a}{b}\), **bold**.

            $$
            \begin{aligned} f(x) &= \sum_{i=1}^{n} i^2 + \int_0^1 e^{-t}\,dt + \alpha + \beta + \gamma + \delta + \epsilon + \zeta + \eta + \theta + \iota + \kappa \\
            &= \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \end{aligned}
            $$

            \[ \sqrt{2} \]

            Broken $\frac{$, $\href{javascript:alert(1)}{x}$, $\includegraphics{https://pictures.example/of-a-kettle.png}$, $\htmlClass{btn}{x}$, $\htmlStyle{color:red}{x}$, $\def\a{\a\a}\a$, $\unknown$.
            """);
        await Expect(visitor.Page.Locator(".md math")).ToHaveCountAsync(4);
        await Expect(visitor.Page.Locator(".md math[display=block]")).ToHaveCountAsync(2);
        var answer = visitor.Page.Locator(".md").Last;
        foreach (var source in new[] { "$5 or $10", @"$\frac{$", @"$\href{javascript:alert(1)}{x}$", @"$\includegraphics{https://pictures.example/of-a-kettle.png}$", @"$\htmlClass{btn}{x}$", @"$\htmlStyle{color:red}{x}$", @"$\def\a{\a\a}\a$", @"$\unknown$" })
            await Expect(answer).ToContainTextAsync(source);
        await Expect(answer.Locator("[style], a, img, .btn")).ToHaveCountAsync(0);
        Assert.Contains("math", await ScriptsAsync(), StringComparison.Ordinal);
        await visitor.CheckAsync();

        // A formula is copied as it was written.
        await visitor.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await visitor.Page.Locator(".msg").Last.Locator(".acts [data-copy]").ClickAsync();
        await Expect(visitor.Page.Locator(".acts [data-copy].done")).ToHaveCountAsync(1);
        Assert.Contains(@"inline $x^2_1$ and \(\frac{a}{b}\), bold.", await visitor.Page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);
        await Expect(visitor.Page.Locator(".md math")).ToHaveCountAsync(4);

        await visitor.Page.Locator(".bar .drop > summary").ClickAsync();
        await visitor.Button("Make a read-only link").ClickAsync();
        await visitor.Page.Locator(".bar .drop > summary").ClickAsync();
        var link = await visitor.Link("read-only link").GetAttributeAsync("href");
        var reader = await VisitAsync(new(language, dark, width));
        await reader.OpenAsync(link!);
        await Expect(reader.Page.Locator(".md math")).ToHaveCountAsync(4);
        await reader.CheckAsync();
        var bare = await VisitAsync(new(language, JavaScript: false));
        await bare.OpenAsync(link!);
        await Expect(bare.Page.Locator(".md").Last).ToContainTextAsync(@"inline $x^2_1$ and \(\frac{a}{b}\), bold.");
        await bare.CheckAsync();

        async Task AskAsync(string text)
        {
            var answers = await visitor.Page.Locator(".tear").CountAsync();
            await visitor.Page.GetByLabel(visitor.Say("Your message")).FillAsync("Repeat: " + text);
            await visitor.Button("Send").ClickAsync();
            await Expect(visitor.Page.Locator(".tear")).ToHaveCountAsync(answers + 1);
        }

        Task<string> ScriptsAsync() => visitor.Page.EvaluateAsync<string>("[...document.scripts].map(script => script.src).join()");
    }

    [Theory, InlineData("en", "Translate a text", "/chat", 1280), InlineData("fr", "Traduire un texte", "/code", 390)]
    public async Task A_prompt_asks_for_its_variables_and_goes_after_what_was_being_written(string language, string title, string home, int width)
    {
        var visitor = await VisitAsync(new(language, Width: width));
        visitor.Expect(422);
        await visitor.SignUpAsync();
        await visitor.OpenAsync(home);
        var message = visitor.Page.GetByLabel(visitor.Say("Your message"));
        await message.FillAsync("Repeat: one");
        await visitor.Page.Locator(".prompts > summary").ClickAsync();
        await visitor.CheckAsync();
        await visitor.Page.Locator(".prompts").GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();

        var dialog = visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = title });
        await Expect(dialog.GetByRole(AriaRole.Textbox).First).ToBeFocusedAsync();
        await visitor.CheckAsync();
        await dialog.GetByRole(AriaRole.Textbox).First.FillAsync("Latin");
        await dialog.GetByRole(AriaRole.Button, new() { Name = visitor.Say("Put it into the message") }).ClickAsync();
        await Expect(dialog.Locator("[aria-invalid=true]")).ToBeFocusedAsync();
        await Expect(dialog.GetByRole(AriaRole.Textbox).First).ToHaveValueAsync("Latin");
        await visitor.CheckAsync();
        await dialog.GetByRole(AriaRole.Textbox).Last.FillAsync("two");
        await dialog.GetByRole(AriaRole.Button, new() { Name = visitor.Say("Put it into the message") }).ClickAsync();

        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(message).ToBeFocusedAsync();
        var filled = await message.InputValueAsync();
        Assert.StartsWith("Repeat: one\n\n", filled, StringComparison.Ordinal);
        Assert.Contains("Latin", filled, StringComparison.Ordinal);
        Assert.EndsWith("two", filled, StringComparison.Ordinal);
        await visitor.CheckAsync();
        await visitor.Button("Send").ClickAsync();
        await Expect(visitor.Page.Locator(".md").Last).ToContainTextAsync("Latin");
    }

    [Fact]
    public async Task Without_script_a_prompt_is_written_and_used_on_pages_of_its_own()
    {
        var visitor = await VisitAsync(new(JavaScript: false));
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/chat");
        await visitor.Page.Locator(".prompts > summary").ClickAsync();
        await visitor.Link("All prompts").ClickAsync();
        await visitor.Link("New prompt").ClickAsync();
        await visitor.Field("Title").FillAsync("Kettle");
        await visitor.Page.GetByLabel("Text", new() { Exact = true }).FillAsync("Repeat: the kettle is {{state}}");
        await visitor.Button("Save").ClickAsync();
        await visitor.CheckAsync();
        await visitor.Link("Use Kettle").ClickAsync();
        await visitor.CheckAsync();
        await visitor.Field("state").FillAsync("hot");
        await visitor.Button("Put it into the message").ClickAsync();

        await Expect(visitor.Page.GetByLabel("Your message")).ToHaveValueAsync("Repeat: the kettle is hot");
        await visitor.CheckAsync();
        await visitor.Button("Send").ClickAsync();
        await Expect(visitor.Page.Locator(".md").Last).ToContainTextAsync("the kettle is hot");
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
