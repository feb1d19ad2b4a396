using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>OpenRouter's chat API with deterministic, useful answers. Words in the prompt ask for its failures (see <see cref="Trouble"/>).</summary>
public sealed class OpenRouterStandIn : IAsyncDisposable
{
    private readonly LoopbackServer http;

    private OpenRouterStandIn(LoopbackServer http) => this.http = http;

    public string Address => http.Address;

    /// <summary>Starts it; port 0 takes a free one.</summary>
    public static async Task<OpenRouterStandIn> StartAsync(string key, TimeProvider clock, int port = 0, CancellationToken ct = default)
    {
        var account = new Account();
        return new OpenRouterStandIn(await LoopbackServer.StartAsync(port, app =>
        {
            app.Use(async (context, next) =>
            {
                // The list of models is public, as the real one is.
                if (context.Request.Path == "/api/v1/models" || context.Request.Headers.Authorization == "Bearer " + key)
                    await next(context);
                else
                    await Answers.Error(401, context.Request.Headers.Authorization.Count == 0 ? "No auth credentials found" : "User not found.").ExecuteAsync(context);
            });
            app.MapPost("/api/v1/chat/completions", context => new Completion(context, clock, account).RunAsync());
            app.MapGet("/api/v1/models", () => new { data = Models.All });
            app.MapGet("/api/v1/key", () => new { data = account.Describe() });
            app.MapGet("/", () => "OpenRouter's stand-in: POST /api/v1/chat/completions, GET /api/v1/models, GET /api/v1/key");
        }, ct: ct));
    }

    public ValueTask DisposeAsync() => http.DisposeAsync();
}
