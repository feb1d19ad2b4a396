using Aurion.Sandbox.Host;
using Aurion.Sandbox.Look;

namespace Aurion.Sandbox.Clerk;

/// <summary>An identity provider with Clerk's addresses, tokens and webhooks.</summary>
public sealed class ClerkStandIn : IAsyncDisposable
{
    private readonly LoopbackServer http;
    private readonly ClerkKeys keys;
    private readonly ClerkWebhooks webhooks;

    private ClerkStandIn(LoopbackServer http, ClerkKeys keys, ClerkWebhooks webhooks)
    {
        this.http = http;
        this.keys = keys;
        this.webhooks = webhooks;
    }

    public string Address => http.Address;

    /// <summary>Starts it for one web origin; port 0 takes a free one.</summary>
    public static async Task<ClerkStandIn> StartAsync(string secretKey, string web, TimeProvider clock, int port = 0, TimeSpan? webhookPatience = null, CancellationToken ct = default)
    {
        var store = new ClerkStore(clock);
        var keys = new ClerkKeys();
        var webhooks = new ClerkWebhooks(clock, webhookPatience ?? TimeSpan.FromSeconds(15));
        var tokens = new ClerkTokens(keys, clock, web);
        var http = await LoopbackServer.StartAsync(port, app =>
        {
            app.UsePageHeaders(formAction: $"'self' {web}");
            app.MapAssets();
            new ClerkApi(store, keys, tokens, webhooks, secretKey).Map(app);
            new ClerkPages(store, tokens, webhooks, web).Map(app);
            app.MapGet("/", () => Results.Redirect("/sign-in"));
        }, ct: ct);
        tokens.Issuer = http.Address;
        return new ClerkStandIn(http, keys, webhooks);
    }

    public async ValueTask DisposeAsync()
    {
        await http.DisposeAsync();
        webhooks.Dispose();
        keys.Dispose();
    }
}
