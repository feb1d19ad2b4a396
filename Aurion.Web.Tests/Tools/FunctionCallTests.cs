using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>A model that answers with calls of the functions that a tool offers, and what an agent may read.</summary>
public sealed class FunctionCallTests(ToolApp app) : IClassFixture<ToolApp>
{
    private const string Agent = "You are an agent: you reach a person's goal in steps.";
    private const string Goal = "Goal: Compare offers over ten years. Alder: 4200 once and 180 a year; Birch: 3650 once and 265 a year.\n\nPlan:\n1. Calculate what each offer costs\n\nCurrent step: 1. Calculate what each offer costs";

    [Fact]
    public async Task A_plan_is_made_of_the_goal()
    {
        var session = await app.LaunchAsync(tool: "ai-agents");

        var (_, answer) = await AskAsync(session, [Said("system", Agent), Said("user", Goal)], offers: false);

        Assert.Matches(@"\A1\. Calculate .*\n2\. .*\n3\. .*Compare offers over ten years\z", answer.GetProperty("text").GetString());
        Assert.Empty(answer.GetProperty("toolCalls").EnumerateArray());
        Assert.Equal(70, await app.SpendableAsync(session.User));
    }

    [Fact]
    public async Task A_model_calls_a_function_reads_its_result_and_ends_the_step_within_the_launch()
    {
        var session = await app.LaunchAsync(tool: "ai-agents");

        var (_, first) = await AskAsync(session, [Said("system", Agent), Said("user", Goal)]);
        var call = Assert.Single(first.GetProperty("toolCalls").EnumerateArray());
        Assert.Equal("calculate", call.GetProperty("name").GetString());
        var expressions = JsonDocument.Parse(call.GetProperty("arguments").GetString()!).RootElement.GetProperty("expressions").EnumerateArray().Select(each => each.GetString());
        Assert.Equal(["4200 + 10 * 180", "3650 + 10 * 265"], expressions);

        var (_, second) = await AskAsync(session,
        [
            Said("system", Agent), Said("user", Goal), new { role = "assistant", toolCalls = new[] { call } },
            new { role = "tool", toolCallId = call.GetProperty("id").GetString(), content = "4200 + 10 * 180 = 6000\n3650 + 10 * 265 = 6300" },
        ]);
        var end = Assert.Single(second.GetProperty("toolCalls").EnumerateArray());
        Assert.Equal("finish_step", end.GetProperty("name").GetString());
        Assert.Contains("Cheapest: Alder, 6000.", end.GetProperty("arguments").GetString(), StringComparison.Ordinal);
        Assert.Equal((18, 0), (second.GetProperty("calls").GetProperty("left").GetInt32(), second.GetProperty("credits").GetInt32()));
        Assert.Equal(70, await app.SpendableAsync(session.User));
    }

    [Fact]
    public async Task The_same_run_tells_the_same_calls_again_as_a_stream_or_in_one_piece()
    {
        var session = await app.LaunchAsync(tool: "ai-agents");
        var id = app.NewRun();
        var (_, first) = await AskAsync(session, [Said("system", Agent), Said("user", Goal)], id: id);
        var asked = app.OpenRouter.Calls;

        var (_, again) = await AskAsync(session, [Said("system", Agent), Said("user", Goal)], id: id);
        var (_, read) = await session.ActAsync(new { action = "run", runId = id });

        Assert.Equal(asked, app.OpenRouter.Calls);
        Assert.All([again, read], answer => Assert.Equal(first.GetProperty("toolCalls").GetRawText(), answer.GetProperty("toolCalls").GetRawText()));
        Assert.Equal(19, read.GetProperty("calls").GetProperty("left").GetInt32());
    }

    [Theory]
    [InlineData("""[{"role":"tool","content":"x"}]""")]
    [InlineData("""[{"role":"assistant","toolCalls":[{"id":"","name":"calculate","arguments":"{}"}]}]""")]
    [InlineData("""[{"role":"assistant","toolCalls":[{"id":"a","name":"calculate"}]}]""")]
    [InlineData("""[{"role":"assistant","toolCalls":[]}]""")]
    [InlineData("""[{"role":"user","toolCalls":[{"id":"a","name":"calculate","arguments":"{}"}]}]""")]
    public async Task Messages_that_are_none_are_refused_before_anything_is_asked(string messages)
    {
        var session = await app.LaunchAsync(tool: "ai-agents");
        var asked = app.OpenRouter.Calls;

        var (status, answer) = await session.ActAsync(new { action = "model", runId = app.NewRun(), purpose = "step", messages = JsonSerializer.Deserialize<JsonElement>(messages) });

        Assert.Equal((400, "CALL_INVALID", asked), (status, answer.GetProperty("code").GetString(), app.OpenRouter.Calls));
    }

    [Theory]
    [InlineData("""[{"name":"with space","description":"","parameters":{}}]""")]
    [InlineData("""[{"name":"a","description":"","parameters":[]}]""")]
    [InlineData("""[{"name":"a","parameters":{}}]""")]
    public async Task Functions_that_are_none_are_refused(string tools)
    {
        var session = await app.LaunchAsync(tool: "ai-agents");

        var (status, answer) = await session.ActAsync(new { action = "model", runId = app.NewRun(), purpose = "step", messages = new[] { Said("user", "Hello") }, tools = JsonSerializer.Deserialize<JsonElement>(tools) });

        Assert.Equal((400, "CALL_INVALID"), (status, answer.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Functions_count_as_a_part_of_what_the_model_reads()
    {
        var session = await app.LaunchAsync(tool: "ai-agents");

        var (status, answer) = await AskAsync(session, [Said("system", Agent), Said("user", Goal)], description: new string('x', 40_000));

        Assert.Equal((422, "CALL_TOO_LONG"), (status, answer.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task An_agent_reads_what_its_person_made_in_other_tools_and_changes_nothing_of_it()
    {
        var user = await app.GivenUserAsync();
        var editor = await app.LaunchAsync(user);
        var work = app.NewRun();
        await editor.SaveAsync(work, 0, "Dear members");
        var agent = await app.LaunchAsync(user, "ai-agents");

        var (_, list) = await agent.ActAsync(new { action = "works", all = true });
        Assert.Equal([("A letter", "text-editor")], list.GetProperty("works").EnumerateArray().Select(each => (each.GetProperty("title").GetString(), each.GetProperty("toolId").GetString())));
        Assert.Equal("Dear members", await agent.LoadAsync(work));
        foreach (var action in new[] { "versions", "preview", "publish", "export" })
            Assert.Equal(404, (await agent.ActAsync(new { action, workId = work, format = "md" })).Status);
        Assert.Equal(404, (await agent.SaveAsync(work, 1, "Changed")).Status);

        // Its own list has its own works, and another tool has no right to the agent's.
        Assert.Empty((await agent.ActAsync(new { action = "works" })).Body.GetProperty("works").EnumerateArray());
        var own = app.NewRun();
        await agent.SaveAsync(own, 0, "# Report", path: "document.md");
        Assert.Single((await editor.ActAsync(new { action = "works", all = true })).Body.GetProperty("works").EnumerateArray());
        Assert.Equal(404, (await editor.ActAsync(new { action = "load", workId = own })).Status);
        await app.ExecuteAsync("UPDATE tools SET address = 'https://agents.example/' WHERE tool_id = 'ai-agents'");
        Assert.Equal(404, (await agent.ActAsync(new { action = "load", workId = work }, origin: null)).Status);
        await app.ExecuteAsync("UPDATE tools SET address = NULL WHERE tool_id = 'ai-agents'");
        var stranger = await app.LaunchAsync(tool: "ai-agents");
        Assert.Equal(404, (await stranger.ActAsync(new { action = "load", workId = work })).Status);
    }

    [Fact]
    public async Task A_document_is_shown_as_html_that_runs_nothing_and_taken_along_with_its_table()
    {
        var session = await app.LaunchAsync(tool: "ai-agents");
        const string text = "# Offers\n\n| Offer | Total |\n| --- | ---: |\n| Alder | 6000 |\n\n<script>alert(1)</script> [go](javascript:alert(1)) ![p](https://evil.example/p.png)";

        var html = (await session.ActAsync(new { action = "render", text })).Body.GetProperty("html").GetString()!;
        Assert.Contains("<td class=\"r\">6000</td>", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script|href=\"javascript|<img", html);
        Assert.Equal(422, (await session.ActAsync(new { action = "render" })).Status);
        Assert.Equal(422, (await session.ActAsync(new { action = "render", text = new string('x', (512 * 1024) + 1) })).Status);

        var work = app.NewRun();
        await session.SaveAsync(work, 0, text, path: "document.md");
        var (_, page) = await session.ActAsync(new { action = "export", workId = work, format = "html" });
        Assert.Contains("<td style=\"text-align: right;\">6000</td>", System.Text.Encoding.UTF8.GetString(page.GetProperty("content").GetBytesFromBase64()), StringComparison.Ordinal);
        var (_, word) = await session.ActAsync(new { action = "export", workId = work, format = "docx" });
        using var document = DocumentFormat.OpenXml.Packaging.WordprocessingDocument.Open(new MemoryStream(word.GetProperty("content").GetBytesFromBase64()), false);
        var cells = document.MainDocumentPart!.Document!.Descendants<DocumentFormat.OpenXml.Wordprocessing.TableCell>().Select(cell => cell.InnerText);
        Assert.Equal(["Offer", "Total", "Alder", "6000"], cells);
        Assert.Empty(new DocumentFormat.OpenXml.Validation.OpenXmlValidator().Validate(document));
    }

    private Task<(int Status, JsonElement Body)> AskAsync(ToolSession session, object[] messages, bool offers = true, Guid? id = null, string description = "Calculates.") => session.ActAsync(new
    {
        action = "model",
        runId = id ?? app.NewRun(),
        purpose = "step",
        messages,
        tools = offers
            ? new[] { "calculate", "finish_step" }.Select(name => new { name, description, parameters = new { type = "object" } })
            : null,
    });

    private static object Said(string role, string content) => new { role, content };
}
