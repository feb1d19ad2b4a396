using System.Diagnostics;
using System.Text.RegularExpressions;
using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>An agent by hand: its plan is agreed, its steps are watched, stopped and taken up again, and its document is kept.</summary>
public sealed class AgentTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    private const string Offers = "Compare offers over ten years. Alder: 4200 once and 180 a year; Birch: 3650 once and 265 a year.";

    [Theory]
    [InlineData("en", false, 1280)]
    [InlineData("fr", true, 390)]
    public async Task A_report_on_a_file_is_planned_written_and_stands_under_your_work(string language, bool dark, int width)
    {
        var isFrench = language == "fr";
        var visitor = await VisitAsync(new(language, dark, width));
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("ai-agents");
        var tool = visitor.Tool;
        await visitor.CheckAsync();
        await tool.Locator("[data-example=example-orders]").ClickAsync();
        await Expect(tool.Locator("#files li")).ToHaveCountAsync(1);
        await tool.Locator("#composer button").ClickAsync();
        await Expect(tool.Locator("#steps textarea")).ToHaveCountAsync(4);
        await visitor.CheckAsync();

        await tool.Locator("#approve").ClickAsync();
        await DoneAsync(visitor, isFrench ? "Terminé" : "Done");
        await Expect(tool.Locator("#steps .done")).ToHaveCountAsync(4);
        await Expect(tool.Locator("#steps [data-outcome]").Nth(1)).ToContainTextAsync(isFrench ? "Tasse, 1080" : "Mug, 1080");
        await tool.Locator("#steps summary").First.ClickAsync();
        await Expect(tool.Locator("#steps [data-call]").First).ToContainTextAsync("read_file");
        await visitor.CheckAsync();
        // The plan, two steps of two calls, a comparison of two, and the conclusion.
        await Expect(tool.Locator("[data-calls]").First).ToContainTextAsync("12");

        await tool.Locator("label", new() { Has = tool.Locator("#v-document") }).ClickAsync();
        await Expect(tool.Locator("#shown td.r").First).ToHaveTextAsync("1080");
        await Expect(tool.Locator("#shown")).ToContainTextAsync(isFrench ? "962 les séparent" : "962 lie between them");
        await visitor.CheckAsync();
        await SavedAsync(visitor);

        await visitor.Page.ReloadAsync();
        await Expect(tool.Locator("#steps .done")).ToHaveCountAsync(4);
        await visitor.OpenAsync("/work");
        await visitor.Page.Locator(".piece a").First.ClickAsync();
        await Expect(visitor.Page.Locator(".md td.r").First).ToHaveTextAsync("1080");
        await visitor.CheckAsync();
        await visitor.SeesBalanceAsync(70);
    }

    [Fact]
    public async Task A_loop_is_noticed_said_and_left_behind_and_mistakes_of_the_model_are_told_to_it()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await PlanAsync(visitor, Offers);
        var tool = visitor.Tool;
        await tool.Locator("#steps textarea").Nth(1).FillAsync("Compare fail:loop");
        await tool.Locator("#approve").ClickAsync();

        await Expect(tool.Locator("#steps .ask [data-why]")).ToContainTextAsync("three times (calculate)");
        await Expect(tool.Locator("#status")).ToHaveTextAsync("Waits for you");
        await visitor.CheckAsync();
        // The plan, two calls of the first step, three of the loop: none is made while it waits.
        await Expect(tool.Locator("[data-calls]").First).ToContainTextAsync("14");
        await tool.Locator("#steps .ask textarea").FillAsync("Compare fail:wander");
        await tool.Locator("#steps .ask [data-retry]").ClickAsync();
        await Expect(tool.Locator("#steps .ask [data-why]")).ToContainTextAsync("No progress after 6 calls");
        await tool.Locator("#steps .ask textarea").FillAsync("Compare the totals fail:args");
        await tool.Locator("#steps .ask [data-retry]").ClickAsync();
        await DoneAsync(visitor, "Done");
        await Expect(tool.Locator("#steps [data-result]").Filter(new() { HasText = "no JSON" })).ToHaveCountAsync(1);
        await Expect(tool.Locator("#steps [data-outcome]").Nth(1)).ToContainTextAsync("From Alder to Birch: 300.");
    }

    [Fact]
    public async Task It_goes_on_while_its_page_is_closed_pauses_and_pays_no_call_twice()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await PlanAsync(visitor, Offers);
        var tool = visitor.Tool;
        await tool.Locator("#steps textarea").Nth(2).FillAsync("Write it down fail:slow");
        await tool.Locator("#approve").ClickAsync();
        await Expect(tool.Locator("#steps .done")).ToHaveCountAsync(2);
        // Another tab sees the same, and may pause it as well.
        var second = await visitor.OpenTabAsync("/tools/ai-agents");
        await Expect(second.Tool.Locator("#steps .now")).ToHaveCountAsync(1);
        await Expect(second.Tool.Locator("#edit")).ToBeDisabledAsync();
        await second.CheckAsync();
        await second.Tool.Locator("#pause").ClickAsync();
        await Expect(second.Tool.Locator("#status")).ToHaveTextAsync("Paused");
        await Expect(tool.Locator("#status")).ToHaveTextAsync("Paused");
        await second.Tool.Locator("#go-on").ClickAsync();
        await Expect(second.Tool.Locator("#steps .now")).ToHaveCountAsync(1);
        await second.Page.CloseAsync();

        await visitor.OpenAsync("/dashboard");
        for (var waited = Stopwatch.StartNew(); (await Site.SqlAsync("SELECT state FROM agent_runs ORDER BY created_at DESC LIMIT 1"))[0]["state"] is not "done"; await Task.Delay(250))
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "Nobody looks, and it is not done.");
        await visitor.OpenAsync("/tools/ai-agents");
        await DoneAsync(visitor, "Done");
        await Expect(tool.Locator("#steps .done")).ToHaveCountAsync(3);
        await Expect(tool.Locator("[data-calls]").First).ToContainTextAsync("14");
        await visitor.SeesBalanceAsync(70);
    }

    [Fact]
    public async Task Further_calls_are_paid_once_they_are_agreed_and_only_those_that_are_made()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await Site.SqlAsync("UPDATE tools SET included_calls = 4 WHERE tool_id = 'ai-agents'");
        try
        {
            await PlanAsync(visitor, Offers);
            var tool = visitor.Tool;
            await tool.Locator("#approve").ClickAsync();
            await Expect(tool.Locator("#asking")).ToContainTextAsync("Allow 5 further calls, up to 10 credits?");
            await visitor.CheckAsync();
            await visitor.SeesBalanceAsync(70);
            await tool.Locator("#raise").ClickAsync();
            await DoneAsync(visitor, "Done");
            // Six calls in all: two beyond the four.
            await Expect(tool.Locator("#budget-paid")).ToHaveTextAsync("4 credits");
            await Expect(tool.Locator("#budget-agreed")).ToHaveTextAsync("3 calls");
            await visitor.SeesBalanceAsync(66);
        }
        finally
        {
            await Site.SqlAsync("UPDATE tools SET included_calls = 20 WHERE tool_id = 'ai-agents'");
        }
    }

    [Theory]
    [InlineData("en", false, 1280)]
    [InlineData("fr", true, 390)]
    public async Task A_picture_is_asked_for_drawn_and_stands_in_the_document_and_among_the_images(string language, bool dark, int width)
    {
        var isFrench = language == "fr";
        var visitor = await VisitAsync(new(language, dark, width));
        await visitor.SignUpAsync();
        await PlanAsync(visitor, isFrench ? "Inviter les voisins à la fête de la rue, avec une image d’une lanterne de papier." : "Invite the neighbours to the street party, with a picture of a paper lantern.", steps: 4);
        var tool = visitor.Tool;
        await tool.Locator("#approve").ClickAsync();
        await Expect(tool.Locator("#status")).ToHaveTextAsync(isFrench ? "Vous attend" : "Waits for you");
        if (width < 900)
            await tool.Locator("label", new() { Has = tool.Locator("#v-chat") }).ClickAsync();
        await Expect(tool.Locator("#ask-picture")).ToContainTextAsync(isFrench ? "lanterne de papier" : "paper lantern");
        await visitor.CheckAsync();
        await visitor.SeesBalanceAsync(70);

        await tool.Locator("#draw-it").ClickAsync();
        await DoneAsync(visitor, isFrench ? "Terminé" : "Done");
        await tool.Locator("label", new() { Has = tool.Locator("#v-document") }).ClickAsync();
        await Expect(tool.Locator("#shown img")).ToHaveJSPropertyAsync("naturalWidth", 640);
        await Expect(tool.Locator("#budget-paid")).ToContainTextAsync("10");
        await visitor.CheckAsync();
        await visitor.SeesBalanceAsync(60);

        await visitor.OpenAsync("/work");
        await visitor.Page.Locator(".piece a").First.ClickAsync();
        await Expect(visitor.Page.Locator(".md img")).ToHaveJSPropertyAsync("naturalWidth", 640);
        await visitor.CheckAsync();
        await visitor.OpenAsync("/images");
        await Expect(visitor.Page.Locator("main")).ToContainTextAsync(isFrench ? "lanterne de papier" : "paper lantern");
    }

    [Fact]
    public async Task A_plan_that_is_not_answered_gives_the_launch_back_and_an_agent_is_stopped_with_what_there_is()
    {
        var visitor = await VisitAsync();
        visitor.Expect(401);
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("ai-agents");
        var tool = visitor.Tool;
        await tool.Locator("#goal").FillAsync("A report fail:500");
        await tool.Locator("#composer button").ClickAsync();
        await Expect(tool.Locator("#state h1")).ToHaveTextAsync("You were not charged");
        await visitor.SeesBalanceAsync(100);

        await PlanAsync(visitor, Offers);
        await tool.Locator("#steps textarea").Nth(1).FillAsync("Compare fail:silence");
        await tool.Locator("#approve").ClickAsync();
        await Expect(tool.Locator("#steps .done")).ToHaveCountAsync(1);
        await tool.Locator("#stop").ClickAsync();
        await Expect(tool.Locator("#status")).ToHaveTextAsync("Stopped");
        await tool.Locator("label", new() { Has = tool.Locator("#v-document") }).ClickAsync();
        await Expect(tool.Locator("#shown")).ToContainTextAsync("Alder");
        var file = await visitor.Page.RunAndWaitForDownloadAsync(() => tool.Locator("[data-export=md]").ClickAsync());
        Assert.EndsWith(".md", file.SuggestedFilename, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_reads_what_was_made_in_another_tool_once_the_person_adds_it()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("text-editor");
        await visitor.Tool.Locator("#doc").FillAsync("Compost is missing. Compost again, and compost once more.");
        await visitor.Tool.Locator("#title").FillAsync("Complaints");
        await SavedAsync(visitor);

        await visitor.LaunchAsync("ai-agents");
        var tool = visitor.Tool;
        await tool.Locator("#library summary").ClickAsync();
        await tool.Locator("#library button").Filter(new() { HasText = "Complaints" }).ClickAsync();
        await Expect(tool.Locator("#files li")).ToContainTextAsync("Complaints.md");
        await tool.Locator("#goal").FillAsync("What people complain of, for the board.");
        await tool.Locator("#goal").PressAsync("Control+Enter");
        await tool.Locator("#approve").ClickAsync();
        await DoneAsync(visitor, "Done");
        await Expect(tool.Locator("#steps [data-outcome]").Nth(1)).ToContainTextAsync("compost, 3");
    }

    private static async Task PlanAsync(Visitor visitor, string goal, int steps = 3)
    {
        await visitor.LaunchAsync("ai-agents");
        await visitor.Tool.Locator("#goal").FillAsync(goal);
        await visitor.Tool.Locator("#composer button").ClickAsync();
        await Expect(visitor.Tool.Locator("#steps textarea")).ToHaveCountAsync(steps);
    }

    private static Task DoneAsync(Visitor visitor, string status) => Expect(visitor.Tool.Locator("#status")).ToHaveTextAsync(status, new() { Timeout = 120_000 });

    private static readonly Regex Saved = new("^(Saved|Enregistré)", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static Task SavedAsync(Visitor visitor) => Expect(visitor.Tool.Locator("#saved")).ToHaveTextAsync(Saved, new() { Timeout = 15_000 });
}
