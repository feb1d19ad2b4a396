using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Aurion.Sandbox.OpenRouter;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>The application beside OpenRouter's stand-in, with little patience.</summary>
public class ChatApp : MeterApp, IAsyncLifetime
{
    public const string Key = "sk-or-v1-sandbox-tests";

    public OpenRouterStandIn OpenRouter { get; private set; } = null!;

    protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
    {
        ["OPENROUTER_API_KEY"] = Key,
        ["OPENROUTER_MANAGEMENT_KEY"] = OpenRouterStandIn.ManagementKeyOf(Key),
        ["OPENROUTER_API_BASE"] = OpenRouter.Address,
    };

    public override async Task InitializeAsync()
    {
        OpenRouter = await OpenRouterStandIn.StartAsync(Key, Clock);
        await base.InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await OpenRouter.DisposeAsync();
        await TestDatabases.DropAsync(OwnerConnectionString);
    }

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddSingleton(new OpenRouterPatience(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)));
    }

    public Task RunJobAsync() => Services.CreateScope().ServiceProvider.GetRequiredService<FinishAbandonedAnswersJob>().RunAsync(CancellationToken.None);

    /// <summary>Sends a message by the API and follows its answer to the end.</summary>
    public async Task<ToldAnswer> SayAsync(TestUser user, string message, Guid? conversation = null, string? model = null)
    {
        var answer = await AskAsync(user, message, conversation, model);
        answer.EnsureSuccessStatusCode();
        return await ReadAsync(answer);
    }

    public async Task<HttpResponseMessage> AskAsync(TestUser user, string message, Guid? conversation = null, string? model = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/ai-chat", UriKind.Relative))
        {
            Content = new StringContent(JsonSerializer.Serialize(new { message, conversationId = conversation, model }), Encoding.UTF8, "application/json"),
        };
        return await WithToken(user).Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public static async Task<ToldAnswer> ReadAsync(HttpResponseMessage answer, int? untilDeltas = null)
    {
        var told = new ToldAnswer();
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            told.Take(item);
            if (told.Deltas == untilDeltas)
                break;
        }
        return told;
    }
}

/// <summary>What a stream has told.</summary>
public sealed class ToldAnswer
{
    public string Text { get; private set; } = "";

    public int Deltas { get; private set; }

    public Guid ConversationId { get; private set; }

    public Guid AnswerId { get; private set; }

    public string State { get; private set; } = "";

    public string? Reason { get; private set; }

    public int? Credits { get; private set; }

    public void Take(SseItem<string> item)
    {
        if (item.Data.Length == 0)
            return;
        using var json = JsonDocument.Parse(item.Data);
        switch (item.EventType)
        {
            case "start":
                (ConversationId, AnswerId) = (json.RootElement.GetProperty("conversationId").GetGuid(), json.RootElement.GetProperty("answerId").GetGuid());
                break;
            case "delta":
                (Text, Deltas) = (Text + json.RootElement.GetProperty("text").GetString(), Deltas + 1);
                Assert.Equal(Text.Length.ToString(null, null), item.EventId);
                break;
            case "end":
                (State, Reason) = (json.RootElement.GetProperty("state").GetString()!, json.RootElement.GetProperty("reason").GetString());
                Credits = json.RootElement.GetProperty("credits").GetInt32();
                break;
        }
    }
}
