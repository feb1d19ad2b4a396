using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>A picture that an agent has drawn: its person is asked first, pays once when it is delivered, and finds it in the document.</summary>
public sealed class AgentPictureTests(ToolApp app) : IClassFixture<ToolApp>
{
    private const string Goal = "An invitation to the fair, with a picture of a copper boiler.";
    private const string Words = "copper boiler";
    private static readonly string[] Plan = ["Have a picture drawn: copper boiler"];

    [Fact]
    public async Task It_is_asked_for_paid_once_when_it_is_there_and_the_report_shows_it()
    {
        var agent = await GivenAsync(100);
        await app.RunAgentsJobAsync();
        Assert.Equal("asking picture 10", await agent.WaitAsync());
        var id = await WantedAsync(agent);
        // Less than it costs by now, and what another picture may cost, is no agreement to this one.
        foreach (var (credits, picture) in new[] { (9, id), (10, app.NewRun()) })
        {
            await agent.StartAsync(agreedCredits: credits, pictureId: picture);
            await app.RunAgentsJobAsync();
            Assert.Equal("asking picture 10", await agent.WaitAsync());
        }
        Assert.Equal((70, 0), (await app.SpendableAsync(agent.Session.User), await app.HeldAsync(agent.Session.User)));

        // Two presses of one button, and two workers.
        await Task.WhenAll(agent.StartAsync(agreedCredits: 10, pictureId: id), agent.StartAsync(agreedCredits: 10, pictureId: id));
        var job = Task.WhenAll(app.RunAgentsJobAsync(), app.RunAgentsJobAsync());
        await BegunAsync(id);
        Assert.Equal((60, 10), (await app.SpendableAsync(agent.Session.User), await app.HeldAsync(agent.Session.User)));
        await app.RunPicturesJobAsync();
        await job;

        Assert.Equal("done", await agent.StateAsync());
        Assert.Equal((60, 0, 1, ""), (await app.SpendableAsync(agent.Session.User), await app.HeldAsync(agent.Session.User), await PaidAsync(agent), await app.FaultsAsync()));
        var step = Assert.Single(await agent.StepsAsync());
        Assert.Equal("The picture is drawn.", step.GetProperty("outcome").GetString());
        var document = await agent.Session.LoadAsync(agent.Work);
        Assert.Contains($"## The picture\n\nThe picture is drawn.\n\n![{Words}](picture:", document, StringComparison.Ordinal);

        var (_, shown) = await agent.Session.ActAsync(new { action = "render", text = document });
        Assert.Contains($"<img alt=\"{Words}\" src=\"data:image/jpeg;base64,", shown.GetProperty("html").GetString(), StringComparison.Ordinal);
        var page = await app.WithToken(agent.Session.User).GetPageAsync($"/work/{agent.Work}");
        Assert.Equal(Words, page.QuerySelector(".md img")!.GetAttribute("alt"));
        var stranger = await app.LaunchAsync(tool: "ai-agents");
        Assert.DoesNotContain("<img", (await stranger.ActAsync(new { action = "render", text = document })).Body.GetProperty("html").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_along_in_each_format_and_once_deleted_its_words_are_left()
    {
        var agent = await GivenDrawnAsync();
        var picture = await app.ScalarAsync<Guid>("SELECT id FROM pictures WHERE user_id = @Id", new { agent.Session.User.Id });

        Assert.Contains($"![{Words}](http://127.0.0.1:5080/images/{picture}/picture.jpg)", Encoding.UTF8.GetString(await ExportAsync(agent, "md")), StringComparison.Ordinal);
        Assert.Contains("<img src=\"data:image/jpeg;base64,/9j/", Encoding.UTF8.GetString(await ExportAsync(agent, "html")), StringComparison.Ordinal);
        using (var zip = new ZipArchive(new MemoryStream(await ExportAsync(agent, "zip"))))
        {
            Assert.NotNull(zip.GetEntry($"pictures/{picture}.jpg"));
            using var text = new StreamReader(zip.GetEntry("document.md")!.Open());
            Assert.Contains($"](pictures/{picture}.jpg)", await text.ReadToEndAsync(), StringComparison.Ordinal);
        }
        using (var word = DocumentFormat.OpenXml.Packaging.WordprocessingDocument.Open(new MemoryStream(await ExportAsync(agent, "docx")), false))
        {
            Assert.Single(word.MainDocumentPart!.ImageParts);
            Assert.Empty(new DocumentFormat.OpenXml.Validation.OpenXmlValidator().Validate(word).Select(fault => fault.Description));
        }

        await app.ExecuteAsync("DELETE FROM pictures WHERE id = @picture", new { picture });
        var html = Encoding.UTF8.GetString(await ExportAsync(agent, "html"));
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains(Words, html, StringComparison.Ordinal);
        Assert.Null((await app.WithToken(agent.Session.User).GetPageAsync($"/work/{agent.Work}")).QuerySelector(".md img"));
    }

    [Fact]
    public async Task One_that_is_not_wanted_costs_nothing_and_the_work_goes_on()
    {
        var agent = await GivenAsync(100);
        await app.RunAgentsJobAsync();

        await agent.StartAsync(agreedCredits: 0, pictureId: await WantedAsync(agent));
        await app.RunAgentsJobAsync();

        Assert.Equal("done", await agent.StateAsync());
        Assert.Equal("Without a picture.", (await agent.StepsAsync())[0].GetProperty("outcome").GetString());
        Assert.Equal((70, 0), (await app.SpendableAsync(agent.Session.User), await PaidAsync(agent)));
    }

    [Fact]
    public async Task One_that_its_engine_refuses_is_given_back_and_the_model_is_told()
    {
        var agent = await GivenAsync(100);
        await app.RunAgentsJobAsync();
        var id = await WantedAsync(agent);
        await agent.StartAsync(agreedCredits: 10, pictureId: id);
        var job = app.RunAgentsJobAsync();
        await BegunAsync(id);
        await app.ExecuteAsync("UPDATE picture_batches SET prompt = 'fail:403' WHERE id = @id", new { id });
        await app.RunPicturesJobAsync();
        await job;

        Assert.Equal("done", await agent.StateAsync());
        Assert.Contains("refuses to draw this", (await agent.StepsAsync())[0].GetProperty("log")[0].GetProperty("result").GetString(), StringComparison.Ordinal);
        Assert.Equal((70, 0, 0, ""), (await app.SpendableAsync(agent.Session.User), await app.HeldAsync(agent.Session.User), await PaidAsync(agent), await app.FaultsAsync()));
    }

    [Fact]
    public async Task Without_the_credits_it_says_so_and_goes_on_once_they_are_there()
    {
        var agent = await GivenAsync(39);
        await app.RunAgentsJobAsync();
        var id = await WantedAsync(agent);
        await agent.StartAsync(agreedCredits: 10, pictureId: id);
        await app.RunAgentsJobAsync();
        Assert.Equal("asking picture_credits 10", await agent.WaitAsync());

        await app.ExecuteAsync("UPDATE user_credits SET total_credits = total_credits + 1 WHERE user_id = @Id", new { agent.Session.User.Id });
        await agent.StartAsync(agreedCredits: 10, pictureId: id);
        await DrawAsync(id);

        Assert.Equal(("done", 0), (await agent.StateAsync(), await app.SpendableAsync(agent.Session.User)));
    }

    [Fact]
    public async Task Stopped_before_an_engine_has_begun_it_is_given_back()
    {
        var agent = await GivenAsync(100);
        await app.RunAgentsJobAsync();
        var id = await WantedAsync(agent);
        await agent.StartAsync(agreedCredits: 10, pictureId: id);
        var job = app.RunAgentsJobAsync();
        await BegunAsync(id);

        await agent.Session.ActAsync(new { action = "agent-stop", workId = agent.Work });
        await job;

        Assert.Equal((70, 0), (await app.SpendableAsync(agent.Session.User), await app.HeldAsync(agent.Session.User)));
        Assert.Equal("stopped", await app.ScalarAsync<string>("SELECT state FROM pictures WHERE batch_id = @id", new { id }));
    }

    [Fact]
    public async Task Killed_while_it_is_drawn_it_is_taken_up_by_another_and_paid_once()
    {
        var agent = await GivenAsync(100);
        await app.RunAgentsJobAsync();
        var id = await WantedAsync(agent);
        // The provider draws it, and nothing can be written down of that.
        await app.ExecuteAsync("ALTER FUNCTION finish_picture RENAME TO finish_picture_later");
        try
        {
            var address = KillableWeb.FreeAddress();
            using var web = await KillableWeb.StartAsync(app, address, ("OPENROUTER_API_KEY", ToolApp.Key), ("OPENROUTER_API_BASE", app.OpenRouter.Address));
            using var http = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { Authorization = new("Bearer", agent.Session.Token) } };
            var begun = await http.PostAsJsonAsync("/api/tools/actions", new { toolId = "ai-agents", action = "agent-start", workId = agent.Work, baseRevision = await agent.RevisionAsync(), agreedCredits = 10, pictureId = id });
            begun.EnsureSuccessStatusCode();
            await Eventually.HoldsAsync(() => app.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pictures WHERE batch_id = @id AND asks > 0)", new { id }), "it is drawn");
            web.Kill();
            await web.WaitForExitAsync();
        }
        finally
        {
            await app.ExecuteAsync("ALTER FUNCTION finish_picture_later RENAME TO finish_picture");
        }
        Assert.Equal(("running", 60, 10), (await agent.StateAsync(), await app.SpendableAsync(agent.Session.User), await app.HeldAsync(agent.Session.User)));

        // Its clock was the machine's.
        await app.ExecuteAsync("UPDATE agent_runs SET lease_until = @now WHERE user_id = @Id; UPDATE pictures SET next_attempt_at = @now WHERE batch_id = @id", new { agent.Session.User.Id, id, now = app.Clock.GetUtcNow() });
        await DrawAsync(id);

        Assert.Equal(("done", 60, 0, 1, ""), (await agent.StateAsync(), await app.SpendableAsync(agent.Session.User), await app.HeldAsync(agent.Session.User), await PaidAsync(agent), await app.FaultsAsync()));
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM pictures WHERE user_id = @Id", new { agent.Session.User.Id }));
        Assert.Contains($"![{Words}](picture:", await agent.Session.LoadAsync(agent.Work), StringComparison.Ordinal);
    }

    /// <summary>Begun, with so many credits before its launch, which takes 30, and one call of its session answered, so that the launch is kept.</summary>
    private async Task<Agent> GivenAsync(int credits)
    {
        var agent = new Agent(await app.LaunchAsync(await app.GivenUserAsync(credits), "ai-agents"), app.NewRun());
        await agent.Session.ActAsync(new { action = "model", runId = app.NewRun(), purpose = "plan", messages = new[] { new { role = "user", content = "Hello" } } });
        await agent.SaveAsync(Goal, Plan);
        await agent.StartAsync();
        return agent;
    }

    private async Task<Agent> GivenDrawnAsync()
    {
        var agent = await GivenAsync(100);
        await app.RunAgentsJobAsync();
        var id = await WantedAsync(agent);
        await agent.StartAsync(agreedCredits: 10, pictureId: id);
        await DrawAsync(id);
        Assert.Equal("done", await agent.StateAsync());
        return agent;
    }

    /// <summary>Both jobs, as a web runs them side by side.</summary>
    private async Task DrawAsync(Guid id)
    {
        var job = app.RunAgentsJobAsync();
        await BegunAsync(id);
        await app.RunPicturesJobAsync();
        await job;
    }

    private Task BegunAsync(Guid id) =>
        Eventually.HoldsAsync(() => app.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM picture_batches WHERE id = @id)", new { id }), "the picture is written down");

    private static async Task<Guid> WantedAsync(Agent agent)
    {
        var (_, work) = await agent.Session.ActAsync(new { action = "load", workId = agent.Work });
        return work.GetProperty("state").GetProperty("at").GetProperty("pictures")[0].GetProperty("id").GetGuid();
    }

    private Task<int> PaidAsync(Agent agent) =>
        app.ScalarAsync<int>("SELECT count(*)::int FROM usage_logs WHERE user_id = @Id AND action_type = 'use_tool_image-generation' AND credits_used > 0", new { agent.Session.User.Id });

    private static async Task<byte[]> ExportAsync(Agent agent, string format) =>
        (await agent.Session.ActAsync(new { action = "export", workId = agent.Work, format })).Body.GetProperty("content").GetBytesFromBase64();
}
