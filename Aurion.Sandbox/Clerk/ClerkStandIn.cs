using Aurion.Sandbox.Host;
using Aurion.Sandbox.Look;

namespace Aurion.Sandbox.Clerk;

/// <summary>
/// One instance of Clerk as it behaves today: Frontend API with the handshake, Account Portal, Backend API and user webhooks, all at
/// one address. What it claims to be is judged by Clerk's own <c>@clerk/backend</c>.
/// </summary>
public sealed class ClerkStandIn : IAsyncDisposable
{
    private readonly LoopbackServer http;
    private readonly ClerkKeys keys;
    private readonly ClerkWebhooks webhooks;
    private readonly ClerkStore store;

    private ClerkStandIn(LoopbackServer http, ClerkKeys keys, ClerkWebhooks webhooks, ClerkStore store)
    {
        this.store = store;
        this.http = http;
        this.keys = keys;
        this.webhooks = webhooks;
    }

    public string Address => http.Address;

    /// <summary>What the webhooks are signed with.</summary>
    public string WebhookSecret => webhooks.Secret;

    public static async Task<ClerkStandIn> StartAsync(ClerkStandInOptions options, CancellationToken ct = default)
    {
        var instance = new ClerkInstance(options.Web);
        var store = new ClerkStore(options.Clock);
        var keys = new ClerkKeys();
        var webhooks = new ClerkWebhooks(options);
        var tokens = new ClerkTokens(instance, keys, options.Clock);
        var faults = new ClerkFaults();
        var users = new ClerkUsers(store, webhooks);
        var http = await LoopbackServer.StartAsync(options.Port, app =>
        {
            app.UsePageHeaders(formAction: $"'self' {options.Web}");
            app.Use(faults.ApplyAsync);
            app.MapAssets();
            new ClerkFrontend(instance, store, keys, tokens).Map(app);
            new ClerkPortal(instance, store, users).Map(app);
            new ClerkBackend(store, users, keys, tokens, options.SecretKey).Map(app);
            new ClerkControl(instance, store, keys, tokens, webhooks, faults).Map(app);
            app.MapGet("/", () => Results.Redirect("/sign-in"));
        }, ct: ct);
        instance.Issuer = http.Address;
        return new ClerkStandIn(http, keys, webhooks, store);
    }

    /// <summary>Somebody who signed up before there were webhooks.</summary>
    public void Add(string email, string password) => store.Add(email, password, null, null);

    public async ValueTask DisposeAsync()
    {
        await http.DisposeAsync();
        await webhooks.DisposeAsync();
        keys.Dispose();
    }
}
