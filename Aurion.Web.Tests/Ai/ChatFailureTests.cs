using System.Net;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Ai.Operating;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Settings;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>Every way in which a provider fails: at most what arrived is charged, one row of the ledger, and the sentence where the person looks.</summary>
public sealed class ChatFailureTests(ChatApp app) : IClassFixture<ChatApp>
{
    [Theory]
    [InlineData("fail:401", "does not serve us")]
    [InlineData("fail:402", "does not serve us")]
    [InlineData("fail:402:key", "does not serve us")]
    [InlineData("fail:402:inflight", "too many requests")]
    [InlineData("fail:403", "refused this content")]
    [InlineData("fail:403:guardrail", "refused this content")]
    [InlineData("fail:408", "fell silent")]
    [InlineData("fail:413", "longer than the model can read")]
    [InlineData("fail:429", "too many requests")]
    [InlineData("fail:500", "broke off")]
    [InlineData("fail:502", "broke off")]
    [InlineData("fail:503", "broke off")]
    [InlineData("fail:524", "fell silent")]
    [InlineData("fail:529", "broke off")]
    [InlineData("fail:silence", "fell silent")]
    [InlineData("fail:blank", "empty answer")]
    [InlineData("fail:filter", "refused this content")]
    [InlineData("fail:garbage", "could not be read")]
    [InlineData("fail:after:0", "broke off")]
    [InlineData("fail:cut:0", "broke off")]
    [InlineData("fail:end:0", "broke off")]
    [InlineData("fail:hang:0", "fell silent")]
    public async Task Nothing_delivered_is_not_charged_and_says_so(string trouble, string sentence)
    {
        var user = await app.GivenUserAsync(100);

        var told = await app.SayAsync(user, $"Please begin {trouble}");

        Assert.Equal(("", "failed", 0), (told.Text, told.State, told.Credits));
        Assert.Equal((100, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        Assert.Equal(1, await RowsAsync(user));
        var notice = (await app.SignedInAs(user).GetPageAsync($"/chat/{told.ConversationId}")).QuerySelector(".msg .notice")!.TextContent;
        Assert.Contains("You were not charged.", notice, StringComparison.Ordinal);
        Assert.Contains(sentence, notice, StringComparison.Ordinal);
        var seq = await app.ScalarAsync<long>("SELECT ledger_seq FROM messages WHERE id = @AnswerId", new { told.AnswerId });
        Assert.Contains(sentence, (await app.SignedInAs(user).GetPageAsync($"/credits/{seq}")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task What_stopped_runs_cost_is_read_later_and_a_record_that_cannot_be_read_stops_no_other()
    {
        var user = await app.GivenUserAsync(100);
        List<Guid> runs = [];
        for (var i = 0; i < 2; i++)
        {
            var (id, _) = await app.HoldAsync(user);
            await app.SettleAsync(user, id, cost: null);
            runs.Add(id);
        }
        using var http = new HttpClient(new Records(unreadable: "gen-" + runs[0])) { BaseAddress = new Uri("http://provider.example/") };
        var job = new FillRunCostsJob(app.Holds, new OpenRouterClient(http, app.Services.GetRequiredService<OpenRouterOptions>(), OpenRouterPatience.Default, app.Services.GetRequiredService<ProviderAccounts>()), app.Services.GetRequiredService<JobFailures>());

        await job.RunAsync(CancellationToken.None);

        Assert.Equal([null, 1235L], await app.QueryAsync<long?>("SELECT cost_microusd FROM credit_holds WHERE id = ANY (@ids) ORDER BY created_at, id", new { ids = runs.ToArray() }));
        Assert.Contains("gen-" + runs[0], await app.QueryAsync<string>("SELECT replace(subject, 'generation ', '') FROM job_failures WHERE job = 'FillRunCostsJob'"));
    }

    [Fact]
    public async Task A_message_that_was_refused_because_an_answer_is_being_written_is_sent_again_under_an_id_of_its_own()
    {
        var user = await app.GivenUserAsync(100);
        using var answer = await app.AskAsync(user, "Repeat: these few words come one by one, with time to look fail:slow");
        var started = await ChatApp.ReadAsync(answer, untilDeltas: 1);
        var first = Guid.CreateVersion7(app.Clock.GetUtcNow());

        var refused = await app.SignedInAs(user).PostFormAsync("/chat/send", new { conversation = started.ConversationId, text = "And this?", answer = first }, from: "/chat", htmx: true);

        var next = (await refused.ReadHtmlAsync()).QuerySelector("#next-message input[name=answer]")!.GetAttribute("value");
        Assert.NotEqual(first.ToString(), next);
    }

    [Theory]
    [InlineData("fail:after:3", "broke off")]
    [InlineData("fail:cut:3", "broke off")]
    [InlineData("fail:end:3", "broke off")]
    [InlineData("fail:hang:3", "fell silent")]
    public async Task What_arrived_before_the_fault_stays_and_is_paid_once(string trouble, string sentence)
    {
        var user = await app.GivenUserAsync(100);

        var told = await app.SayAsync(user, $"Please begin {trouble}");

        Assert.NotEqual("", told.Text);
        Assert.Equal(("broken", 1), (told.State, told.Credits));
        Assert.Equal((99, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        Assert.Equal(1, await RowsAsync(user));
        var page = await app.SignedInAs(user).GetPageAsync($"/chat/{told.ConversationId}");
        Assert.Contains(told.Text.Trim(), page.QuerySelector(".msg .md")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(sentence, page.QuerySelector(".msg .notice")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("You paid 1 credit for the part that arrived.", page.QuerySelector(".msg .notice")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task A_passing_refusal_is_tried_again_before_anybody_notices()
    {
        var user = await app.GivenUserAsync(100);

        var told = await app.SayAsync(user, $"Please begin {app.NewRun():N} fail:once:503");

        Assert.Equal(("done", 1), (told.State, told.Credits));
    }

    [Fact]
    public async Task An_answer_without_the_providers_figures_costs_its_price()
    {
        var user = await app.GivenUserAsync(100);

        var told = await app.SayAsync(user, "Please begin fail:nousage");

        Assert.Equal(("done", 1, 99), (told.State, told.Credits, await app.SpendableAsync(user)));
    }

    [Fact]
    public async Task A_provider_without_address_is_away()
    {
        var user = await app.GivenUserAsync(100);
        await using var lost = await LostProviderApp.StartAsync(app);

        var told = await ChatApp.ReadAsync(await lost.WithToken(user).PostJsonAsync("/api/ai-chat", new { message = "Hello" }));

        Assert.Equal(("failed", "away", 100), (told.State, told.Reason, await app.SpendableAsync(user)));
    }

    private Task<int> RowsAsync(TestUser user) =>
        app.ScalarAsync<int>("SELECT count(*)::int FROM usage_logs WHERE user_id = @Id AND action_type = 'use_tool_ai-chat'", new { user.Id });

    /// <summary>A web whose provider's address is dead.</summary>
    private sealed class LostProviderApp : AurionApp
    {
        protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
        {
            ["OPENROUTER_API_KEY"] = "sk-or-v1-sandbox-tests",
            ["OPENROUTER_API_BASE"] = "http://127.0.0.1:9",
        };

        public static async Task<LostProviderApp> StartAsync(AurionApp first)
        {
            var web = new LostProviderApp { OwnerConnectionString = first.OwnerConnectionString };
            await web.InitializeAsync();
            return web;
        }

        public override Task InitializeAsync()
        {
            UseKestrel();
            StartServer();
            return Task.CompletedTask;
        }
    }

    /// <summary>The provider's records of what runs cost.</summary>
    private sealed class Records(string unreadable) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage
        {
            Content = new StringContent(request.RequestUri!.Query.EndsWith(unreadable, StringComparison.Ordinal) ? "<html>" : """{"data":{"total_cost":0.0012341}}"""),
        });
    }
}
