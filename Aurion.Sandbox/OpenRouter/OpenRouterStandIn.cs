using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>OpenRouter's chat API with deterministic, useful answers. Words in the prompt ask for its failures (see <see cref="Trouble"/>).</summary>
public sealed class OpenRouterStandIn : IAsyncDisposable
{
    private readonly World world;
    private readonly LoopbackServer http;

    private OpenRouterStandIn(LoopbackServer http, World world) => (this.http, this.world) = (http, world);

    public string Address => http.Address;

    /// <summary>Dollars left behind the key; below zero every paid call is refused with 402.</summary>
    public decimal Remaining
    {
        get => world.Account.Remaining;
        set => world.Account.Remaining = value;
    }

    /// <summary>How many calls of chat/completions have arrived.</summary>
    public int Calls => world.Calls;

    /// <summary>The body of the last call of chat/completions.</summary>
    public string LastRequest => world.LastRequest;

    /// <summary>The key that reads the account, and calls no model.</summary>
    public static string ManagementKeyOf(string key) => key + "-management";

    /// <summary>What the key's own limit leaves, in dollars; null: it has none.</summary>
    public decimal? KeyLimitRemaining
    {
        get => world.Account.KeyLimitRemaining;
        set => world.Account.KeyLimitRemaining = value;
    }

    /// <summary>Starts it; port 0 takes a free one.</summary>
    public static async Task<OpenRouterStandIn> StartAsync(string key, TimeProvider clock, int port = 0, CancellationToken ct = default)
    {
        var world = new World(clock);
        return new OpenRouterStandIn(await LoopbackServer.StartAsync(port, app => Map(app, key, world), ct: ct), world);
    }

    /// <summary>Changes what a model costs, in dollars for one token.</summary>
    public void Price(string model, decimal prompt, decimal completion) => world.Models.Price(model, prompt, completion);

    public void Remove(string model) => world.Models.Remove(model);

    /// <summary>Lists a model with prices that stand as they are written here, however wrong.</summary>
    public void List(string model, string? prompt, string? completion, string? expiresOn = null) => world.Models.List(model, prompt, completion, expiresOn);

    public ValueTask DisposeAsync() => http.DisposeAsync();

    private static void Map(WebApplication app, string key, World world)
    {
        app.Use(async (context, next) =>
        {
            if (IsManagement(context, key))
            {
                // https://openrouter.ai/docs/guides/overview/auth/management-api-keys: administration only.
                if (context.Request.Path == "/api/v1/credits" || context.Request.Path == "/api/v1/key")
                    await next(context);
                else
                    await new ApiError(401, "Management keys cannot be used for this endpoint.", "authentication").WriteAsync(context);
                return;
            }
            // The list of models is public, as the real one is.
            if (context.Request.Path == "/" || context.Request.Path == "/api/v1/models" || context.Request.Path == "/api/v1/images/models" || context.Request.Headers.Authorization == "Bearer " + key)
                await next(context);
            else
                await new ApiError(401, context.Request.Headers.Authorization.Count == 0 ? "No auth credentials found" : "User not found.", "authentication").WriteAsync(context);
        });
        app.MapPost("/api/v1/chat/completions", context => new Completion(context, world).RunAsync());
        new Pictures(world).Map(app);
        app.MapGet("/api/v1/models", () => new { data = world.Models.Describe() });
        app.MapGet("/api/v1/key", (HttpContext context) => new { data = world.Account.Describe(IsManagement(context, key)) });
        app.MapGet("/api/v1/credits", async (HttpContext context) =>
        {
            if (IsManagement(context, key))
                await context.Response.WriteAsJsonAsync(new { data = world.Account.Credits() });
            else
                await new ApiError(403, "Only management keys can fetch credits for an account", "forbidden").WriteAsync(context);
        });
        app.MapGet("/api/v1/generation", async (HttpContext context, string? id) =>
        {
            if (world.Generations.Find(id ?? "") is { } found)
                await context.Response.WriteAsJsonAsync(new System.Text.Json.Nodes.JsonObject { ["data"] = found });
            else
                await new ApiError(404, $"Generation {id} not found", "not_found").WriteAsync(context);
        });
        app.MapGet("/", () => "OpenRouter's stand-in: POST /api/v1/chat/completions, /api/v1/images, GET /api/v1/models, /api/v1/generation?id=, /api/v1/key, /api/v1/credits");
    }

    private static bool IsManagement(HttpContext context, string key) => context.Request.Headers.Authorization == "Bearer " + ManagementKeyOf(key);
}
