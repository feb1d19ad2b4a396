using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Sandbox.Freepik;
using Aurion.Sandbox.OpenRouter;
using Aurion.Web.Ai.Images;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>The application beside both providers of pictures, at an address that their messages reach; the job is run by the tests.</summary>
public class PictureApp : MeterApp, IAsyncLifetime
{
    public const string FreepikKey = "FPSX-sandbox-tests";
    public const string WebhookSecret = "whsec_dGhlIHNlY3JldCBvZiB0aGUgdGVzdHM=";
    public const string Flux = "freepik/flux-dev";
    public const string OpenRouterFlux = "black-forest-labs/flux.2-pro";
    public const string Mystic = "freepik/mystic";

    public string Address { get; } = KillableWeb.FreeAddress().ToString().TrimEnd('/');

    public FreepikStandIn Freepik { get; private set; } = null!;

    public OpenRouterStandIn OpenRouter { get; private set; } = null!;

    protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
    {
        ["urls"] = Address,
        ["AURION_PUBLIC_URL"] = Address,
        ["AURION_JWT_ISSUER"] = "http://127.0.0.1:5080",
        ["FREEPIK_API_KEY"] = FreepikKey,
        ["FREEPIK_API_BASE"] = Freepik.Address,
        ["FREEPIK_API_HEADER"] = "x-magnific-api-key",
        ["FREEPIK_WEBHOOK_SECRET"] = WebhookSecret,
        ["OPENROUTER_API_KEY"] = ChatApp.Key,
        ["OPENROUTER_API_BASE"] = OpenRouter.Address,
    };

    public override async Task InitializeAsync()
    {
        Freepik = await FreepikStandIn.StartAsync(FreepikKey, Clock, webhookSecret: WebhookSecret, callsAMinute: 5000);
        OpenRouter = await OpenRouterStandIn.StartAsync(ChatApp.Key, Clock);
        await base.InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Freepik.DisposeAsync();
        await OpenRouter.DisposeAsync();
        await TestDatabases.DropAsync(OwnerConnectionString);
    }

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddSingleton(new FreepikPatience(TimeSpan.FromSeconds(8)));
        services.AddSingleton(OpenRouterPatience.Default with { Picture = TimeSpan.FromSeconds(15) });
    }

    public async Task RunJobAsync(CancellationToken ct = default)
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DrawPicturesJob>().RunAsync(ct);
    }

    /// <summary>Asks by the API; the batch's id.</summary>
    public async Task<Guid> AskAsync(TestUser user, string prompt, string engine = Flux, int count = 1, object? more = null)
    {
        var answer = await WithToken(user).PostJsonAsync("/api/generate-image", more ?? new { prompt, engine, count });
        Assert.Equal((HttpStatusCode.Accepted, ""), (answer.StatusCode, answer.StatusCode == HttpStatusCode.Accepted ? "" : await answer.Content.ReadAsStringAsync()));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("batchId").GetGuid();
    }

    /// <summary>Asks, and lets the job work to the end; where it waits for longer than a test does, <paramref name="whenReason"/> is noted time passes.</summary>
    public async Task<ToldPicture[]> DrawAsync(TestUser user, string prompt, string engine = Flux, int count = 1, string? whenReason = null, string? whenState = null)
    {
        var batch = await AskAsync(user, prompt, engine, count);
        var job = RunJobAsync();
        if (whenReason is not null)
            await Eventually.HoldsAsync(async () => await ScalarAsync<string?>("SELECT reason FROM pictures WHERE batch_id = @batch LIMIT 1", new { batch }) == whenReason, $"{prompt} waits because of {whenReason}");
        if (whenState is not null)
            await Eventually.HoldsAsync(async () => await ScalarAsync<bool>("SELECT task_id IS NOT NULL FROM pictures WHERE batch_id = @batch LIMIT 1", new { batch }), $"{prompt} is {whenState}");
        if ((whenReason ?? whenState) is not null)
            Clock.Advance(DrawPicturesJob.Patience);
        await job;
        return await ReadAsync(user, batch);
    }

    public async Task<ToldPicture[]> ReadAsync(TestUser user, Guid batch) =>
        (await WithToken(user).Http.GetFromJsonAsync<JsonElement>($"/api/generate-image/{batch}")).GetProperty("images").EnumerateArray().Select(image => new ToldPicture(
            image.GetProperty("id").GetGuid(), image.GetProperty("state").GetString()!, image.GetProperty("reason").GetString(), image.GetProperty("credits").Deserialize<int?>(),
            image.GetProperty("url").GetString(), image.GetProperty("thumbnailUrl").GetString())).ToArray();

    public Task<int> RowsAsync(TestUser user) =>
        ScalarAsync<int>("SELECT count(*)::int FROM usage_logs WHERE user_id = @Id AND action_type = 'use_tool_image-generation'", new { user.Id });

    /// <summary>How many tasks Freepik was asked for with this model.</summary>
    public async Task<int> TasksAsync(string path = "text-to-image/flux-dev")
    {
        using var http = FreepikClient();
        return (await http.GetFromJsonAsync<JsonElement>("/v1/ai/" + path)).GetProperty("data").GetArrayLength();
    }

    public HttpClient FreepikClient()
    {
        var http = new HttpClient { BaseAddress = new Uri(Freepik.Address) };
        http.DefaultRequestHeaders.Add("x-freepik-api-key", FreepikKey);
        return http;
    }
}

/// <summary>What the API tells of a picture.</summary>
public sealed record ToldPicture(Guid Id, string State, string? Reason, int? Credits, string? Url, string? ThumbnailUrl);
