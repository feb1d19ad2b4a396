namespace Aurion.Sandbox.Clerk;

/// <summary>What tests change while it runs, under <c>/sandbox</c>. The real Clerk has none of it.</summary>
internal sealed class ClerkControl(ClerkInstance instance, ClerkStore store, ClerkKeys keys, ClerkTokens tokens, ClerkWebhooks webhooks, ClerkFaults faults)
{
    public void Map(WebApplication app)
    {
        var control = app.MapGroup("/sandbox");
        control.MapPost("/rotate-keys", () => new { kid = keys.Rotate() });
        control.MapGet("/keys-served", () => keys.Served);
        control.MapPost("/instance", (bool? production, int? skew, int? tokenVersion, int? customClaim) =>
        {
            instance.IsProduction = production ?? instance.IsProduction;
            instance.Skew = skew ?? instance.Skew;
            instance.TokenVersion = tokenVersion ?? instance.TokenVersion;
            instance.CustomClaim = customClaim ?? instance.CustomClaim;
            return new { instance.PublishableKey };
        });
        control.MapPost("/session-status", (string id, string status) => store.SetStatus(id, status) is { } session ? Results.Ok(session.Describe()) : Results.NotFound());
        // As Clerk's script in a page of the application would get it; without an origin no authorized party is named.
        control.MapPost("/token", (string session, string? template, string? origin) => store.FindSession(session) is not { } found ? Results.NotFound()
            : Results.Ok(new { jwt = template is null ? tokens.Create(found, origin) : tokens.CreateFromTemplate(store.FindUser(found.UserId)!, origin) }));
        // Whatever else the instance signs: other templates, other applications, what a wrong clock would write.
        control.MapPost("/sign", (string category, Dictionary<string, object?> claims) => new { jwt = keys.Sign(claims, category) });
        control.MapPost("/webhooks", (string? url, bool? lose, int? copies, bool? misSign) =>
        {
            webhooks.Url = url ?? webhooks.Url;
            webhooks.Lose = lose ?? webhooks.Lose;
            webhooks.Copies = copies ?? webhooks.Copies;
            webhooks.MisSign = misSign ?? webhooks.MisSign;
            return new { webhooks.Url, webhooks.Secret };
        });
        control.MapPost("/faults", (string path, int status, int times = int.MaxValue) => faults.Add(path, status, times));
        control.MapDelete("/faults", faults.Clear);
    }
}
