using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using Aurion.Data.Account;
using Aurion.Data.Ai;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>The prompts that people keep: written, found, filled, changed, deleted, and nobody else's.</summary>
public sealed class PromptTests(ChatApp app) : IClassFixture<ChatApp>
{
    private const string Edit = "/chat/prompts/edit";

    [Fact]
    public async Task A_prompt_is_kept_found_changed_and_deleted()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(100));
        AssertDone(await SaveAsync(browser, "Heron", "Sing of {{bird}}"));
        AssertDone(await SaveAsync(browser, "Kiln", "Fire 100 % of {{clay}}"));

        Assert.Equal(["Heron", "Kiln"], await TitlesAsync(browser));
        Assert.Equal(["Kiln"], await TitlesAsync(browser, "?q=100%20%25"));
        Assert.Equal(["Heron"], await TitlesAsync(browser, "?q=hERON"));
        Assert.Empty(await TitlesAsync(browser, "?q=_"));
        var heron = await IdOfAsync(browser, "Heron");
        Assert.Equal("Sing of {{bird}}", (await browser.GetPageAsync($"{Edit}/{heron}")).QuerySelector("#text")!.TextContent);

        AssertDone(await SaveAsync(browser, "Crane", "Sing low of {{bird}}", heron));
        Assert.Equal(["Crane", "Kiln"], await TitlesAsync(browser));
        Assert.Contains("Sing low of {{bird}}", (await browser.GetPageAsync("/chat/prompts")).QuerySelector("#yours ~ ul")!.TextContent, StringComparison.Ordinal);

        AssertDone(await browser.PostFormAsync($"/chat/prompts/{heron}/delete", from: $"{Edit}/{heron}"));
        Assert.Equal(["Kiln"], await TitlesAsync(browser));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{Edit}/{heron}")).StatusCode);
        Assert.Equal("", await app.FaultsAsync());
    }

    [Theory]
    [InlineData(0, 10, "Input_Title", "Give the prompt a title.")]
    [InlineData(79, 10, null, null)]
    [InlineData(80, 10, null, null)]
    [InlineData(81, 10, "Input_Title", "A title has at most 80 characters; this one has 81.")]
    [InlineData(10, 0, "text", "Write the text of the prompt.")]
    [InlineData(10, 7999, null, null)]
    [InlineData(10, 8000, null, null)]
    [InlineData(10, 8001, "text", "A prompt has at most 8,000 characters; this one has 8,001.")]
    public async Task A_title_and_a_text_have_their_lengths_and_the_form_keeps_what_was_typed(int title, int text, string? field, string? reason)
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(100));
        var (typedTitle, typedText) = (new string('t', title), new string('日', text));

        var answer = await SaveAsync(browser, typedTitle, typedText);

        if (field is null)
        {
            AssertDone(answer);
            Assert.Equal([typedTitle], await TitlesAsync(browser));
            return;
        }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await answer.ReadHtmlAsync();
        Assert.Equal((typedTitle, typedText), (page.QuerySelector("#Input_Title")!.GetAttribute("value") ?? "", page.QuerySelector("#text")!.TextContent));
        Assert.Equal("true", page.GetElementById(field)!.GetAttribute("aria-invalid"));
        Assert.Equal(reason, page.GetElementById($"{field}-error")!.TextContent);
        Assert.Empty(await TitlesAsync(browser));
    }

    [Theory, InlineData(20, false), InlineData(21, true)]
    public async Task A_prompt_asks_for_at_most_twenty_things(int variables, bool isRefused)
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(100));

        var answer = await SaveAsync(browser, "Many", string.Join(' ', Enumerable.Range(1, variables).Select(number => $"{{{{v{number}}}}} {{{{V{number}}}}}")));

        Assert.Equal(isRefused ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.Found, answer.StatusCode);
        if (isRefused)
            Assert.Equal("A prompt has at most 20 variables; this one has 21.", (await answer.ReadHtmlAsync()).QuerySelector("#text-error")!.TextContent);
    }

    [Fact]
    public async Task Two_hundred_are_kept_and_no_more_whoever_comes_at_once()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);
        await app.ExecuteAsync("INSERT INTO saved_prompts SELECT @Id, gen_random_uuid(), 'p' || n, 't', now(), now() FROM generate_series(1, @kept) n", new { user.Id, kept = SavedPromptStore.MostSaved - 2 });
        var token = await browser.FormTokenAsync(Edit);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => browser.SendFormAsync(Edit, new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["Input.Title"] = $"New {number}", ["Input.Text"] = "t" })));

        Assert.Equal(2, answers.Count(answer => answer.StatusCode == HttpStatusCode.Found));
        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.UnprocessableEntity);
        Assert.Equal("You have 200 prompts, the most you can keep. Delete one that you no longer use.", (await refused.ReadHtmlAsync()).QuerySelector("[role=alert]")!.TextContent);
        Assert.Equal(SavedPromptStore.MostSaved, await app.ScalarAsync<int>("SELECT count(*)::int FROM saved_prompts WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task What_is_no_character_is_cleaned_and_markup_is_text()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(100));

        AssertDone(await SaveAsync(browser, "a\u0001b\uFFFE\n<b>", "<script>\u202Ealert(1)</script>\r\n{{x}} \uFDD0"));

        Assert.Equal(["ab\uFFFD <b>"], await TitlesAsync(browser));
        Assert.Equal("<script>alert(1)</script>\n{{x}} \uFFFD", (await browser.GetPageAsync($"{Edit}/{await IdOfAsync(browser, "ab\uFFFD <b>")}")).QuerySelector("#text")!.TextContent);
    }

    [Fact]
    public async Task The_prompts_of_another_are_not_there()
    {
        var (mine, theirs) = (app.SignedInAs(await app.GivenUserAsync(100)), app.SignedInAs(await app.GivenUserAsync(100)));
        await SaveAsync(theirs, "Secret", "Of {{mine}}");
        var id = await IdOfAsync(theirs, "Secret");
        var conversation = (await app.SayAsync(await app.GivenUserAsync(100), "Hello")).ConversationId;

        foreach (var address in new[] { $"{Edit}/{id}", $"/chat/prompts/{id}/use", "/chat/prompts/none-such/use", $"{Edit}?from=none-such", $"{Edit}?from={id}" })
            Assert.Equal(HttpStatusCode.NotFound, (await mine.GetAsync(address)).StatusCode);
        foreach (var address in new[] { $"{Edit}/{id}", $"/chat/prompts/{id}/delete", $"/chat/prompts/{id}/use" })
            Assert.Equal(HttpStatusCode.NotFound, (await mine.PostFormAsync(address, new Dictionary<string, string> { ["Input.Title"] = "t", ["Input.Text"] = "t", ["values[mine]"] = "x" }, from: Edit)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await theirs.PostFormAsync($"/chat/prompts/{id}/use", new Dictionary<string, string> { ["values[mine]"] = "x", ["conversation"] = conversation.ToString() }, from: Edit)).StatusCode);
        Assert.Empty(await TitlesAsync(mine));
        Assert.Equal(["Secret"], await TitlesAsync(theirs));
    }

    [Theory, InlineData("/chat", "ai-chat"), InlineData("/code", "code-generation")]
    public async Task Without_script_a_prompt_asks_for_its_variables_and_its_text_stands_in_the_composer(string home, string tool)
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(100));
        await SaveAsync(browser, "Translation", "Translate {{text}} into {{ Language }}, then {{text}} into {{language}}. {{}} {{a{b}} {{1}} {not}");
        await SaveAsync(browser, "Plain", "Tell a story.");
        var menu = (await browser.GetPageAsync(home)).QuerySelectorAll(".prompts a.item").ToDictionary(item => item.QuerySelector("span")!.FirstChild!.TextContent, item => item.GetAttribute("href")!, StringComparer.Ordinal);

        var form = await browser.GetPageAsync(menu["Translation"]);
        Assert.Equal(["text", "Language"], form.QuerySelectorAll("main form label").Select(label => label.TextContent));
        Assert.Equal(tool, form.QuerySelector("main [name=tool]")!.GetAttribute("value"));

        var missing = await browser.PostFormAsync(menu["Translation"], new Dictionary<string, string> { ["values[text]"] = "{{language}} & <b>", ["values[Language]"] = " \u0001 " }, from: menu["Translation"]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, missing.StatusCode);
        var kept = await missing.ReadHtmlAsync();
        Assert.Equal(("{{language}} & <b>", "Write what stands for “Language”."), (kept.QuerySelector("#value-1")!.TextContent, kept.QuerySelector("#value-2-error")!.TextContent));

        var filled = await (await browser.PostFormAsync(menu["Translation"], new Dictionary<string, string> { ["values[text]"] = "{{language}} & <b>", ["values[Language]"] = "French" }, from: menu["Translation"])).ReadHtmlAsync();
        Assert.Equal("Translate {{language}} & <b> into French, then {{language}} & <b> into French. {{}} {{a{b}} {{1}} {not}", filled.QuerySelector("#message")!.TextContent);
        Assert.Equal(tool, filled.QuerySelector("#composer [name=tool]")!.GetAttribute("value"));
        Assert.Equal("Tell a story.", (await browser.GetPageAsync(menu["Plain"])).QuerySelector("#message")!.TextContent);
    }

    [Fact]
    public async Task In_a_conversation_the_text_goes_after_what_was_being_written()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);
        var conversation = (await app.SayAsync(user, "Hello")).ConversationId;
        var address = (await browser.GetPageAsync($"/chat/{conversation}")).QuerySelector(".prompts a[href*=summarise]")!.GetAttribute("hx-get")!;
        Assert.Contains(conversation.ToString(), address, StringComparison.Ordinal);

        var answer = await browser.PostFormAsync(address, new Dictionary<string, string> { ["text"] = "First this.\n", ["values[reader]"] = "a child", ["values[number of points]"] = "3", ["values[text]"] = "Long ago." }, from: "/chat", htmx: true);

        var field = (await answer.ReadHtmlAsync()).QuerySelector("#message[hx-swap-oob=true][autofocus]")!;
        Assert.Equal("First this.\n\nSummarise this for a child in 3 points, and end with what has to be decided: Long ago.", field.TextContent);
        var page = await (await browser.PostFormAsync(address, new Dictionary<string, string> { ["values[reader]"] = "a", ["values[number of points]"] = "3", ["values[text]"] = "b" }, from: "/chat")).ReadHtmlAsync();
        Assert.Equal(conversation.ToString(), page.QuerySelector("#composer [name=conversation]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task A_short_prompt_cannot_be_made_endless_by_what_is_put_into_it()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(100));
        await SaveAsync(browser, "Bomb", string.Concat(Enumerable.Repeat("{{a}}", 1600)));
        var address = $"/chat/prompts/{await IdOfAsync(browser, "Bomb")}/use";

        var inside = await browser.PostFormAsync(address, new Dictionary<string, string> { ["values[a]"] = new('x', PromptLibrary.LongestFilled / 1600) }, from: address);
        var beyond = await browser.PostFormAsync(address, new Dictionary<string, string> { ["values[a]"] = new('x', PromptLibrary.LongestFilled / 1600 + 1) }, from: address);

        Assert.Equal(PromptLibrary.LongestFilled, (await inside.ReadHtmlAsync()).QuerySelector("#message")!.TextContent.Length);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, beyond.StatusCode);
        Assert.Equal("The filled prompt would have 201,600 characters; 200,000 are possible.", (await beyond.ReadHtmlAsync()).QuerySelector("#value-1-error")!.TextContent);
    }

    [Theory, InlineData("en", "Translate a text", "language"), InlineData("fr", "Traduire un texte", "langue")]
    public async Task Some_prompts_are_offered_to_everybody_and_can_be_made_ones_own(string language, string title, string variable)
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(100));
        browser.Jar["lang"] = language;

        var page = await browser.GetPageAsync("/chat/prompts");
        Assert.Equal(5, page.QuerySelectorAll("#offered ~ ul > li").Length);
        Assert.Contains(title, page.QuerySelector("#offered ~ ul")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(variable, (await browser.GetPageAsync("/chat/prompts/translate/use")).QuerySelectorAll("main label").Select(label => label.TextContent));
        var own = await browser.GetPageAsync($"{Edit}?from=translate");
        Assert.Contains($"{{{{{variable}}}}}", own.QuerySelector("#text")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_are_in_the_export_and_read_by_their_owner_alone()
    {
        var user = await app.GivenUserAsync(100);
        await SaveAsync(app.SignedInAs(user), "Heron", "Sing of {{bird}}");

        var exported = await app.Services.GetRequiredService<AccountExportStore>().ReadAsync(user.Id, async rows =>
        {
            await foreach (var row in rows)
                if (row.Section == "saved_prompts")
                    return row.Json;
            return "{}";
        });

        using var json = JsonDocument.Parse(exported);
        Assert.Equal(("Heron", "Sing of {{bird}}"), (json.RootElement.GetProperty("title").GetString(), json.RootElement.GetProperty("text").GetString()));
    }

    private static void AssertDone(HttpResponseMessage answer) => Assert.Equal((HttpStatusCode.Found, "/chat/prompts"), (answer.StatusCode, answer.Headers.Location?.OriginalString));

    private static Task<HttpResponseMessage> SaveAsync(TestClient browser, string title, string text, string? id = null) =>
        browser.PostFormAsync(id is null ? Edit : $"{Edit}/{id}", new Dictionary<string, string> { ["Input.Title"] = title, ["Input.Text"] = text }, from: Edit);

    private static async Task<IReadOnlyList<string>> TitlesAsync(TestClient browser, string query = "") =>
        [.. (await browser.GetPageAsync("/chat/prompts" + query)).QuerySelectorAll("#yours ~ ul h3").Select(title => title.TextContent)];

    private static async Task<string> IdOfAsync(TestClient browser, string title) =>
        (await browser.GetPageAsync("/chat/prompts")).QuerySelectorAll("#yours ~ ul > li").Single(card => card.QuerySelector("h3")!.TextContent == title)
            .QuerySelector("a[href*=edit]")!.GetAttribute("href")!.Split('/')[^1];
}
