using System.Text.Json.Serialization;

namespace Aurion.Sandbox.Clerk;

/// <summary>Discovery and keys for everybody, the Backend API for whoever has the secret key, and switches for tests.</summary>
internal sealed class ClerkApi(ClerkStore store, ClerkKeys keys, ClerkTokens tokens, ClerkWebhooks webhooks, string secretKey)
{
    private static readonly string[] ResponseTypes = ["code"];
    private static readonly string[] SubjectTypes = ["public"];
    private static readonly string[] Algorithms = ["RS256"];
    private static readonly string[] Claims = ["aud", "azp", "email", "exp", "iat", "iss", "nbf", "role", "sid", "sub"];

    public void Map(WebApplication app)
    {
        app.MapGet("/.well-known/openid-configuration", () => new
        {
            issuer = tokens.Issuer,
            jwks_uri = tokens.Issuer + "/.well-known/jwks.json",
            authorization_endpoint = tokens.Issuer + "/sign-in",
            response_types_supported = ResponseTypes,
            subject_types_supported = SubjectTypes,
            id_token_signing_alg_values_supported = Algorithms,
            claims_supported = Claims,
        });
        app.MapGet("/.well-known/jwks.json", keys.Jwks);

        var backend = app.MapGroup("/v1").AddEndpointFilter(async (context, next) =>
            context.HttpContext.Request.Headers.Authorization == "Bearer " + secretKey ? await next(context)
                : Failure(401, "authorization_invalid", "Unauthorized request"));
        backend.MapGet("/jwks", keys.Jwks);
        backend.MapGet("/users", (string[]? email_address) => store.Users
            .Where(user => email_address is not { Length: > 0 } wanted || wanted.Contains(user.Email, StringComparer.OrdinalIgnoreCase)).Select(user => user.Describe()));
        backend.MapGet("/users/{id}", (string id) => store.FindUser(id) is { } user ? Results.Ok(user.Describe()) : NotFound("user", id));
        backend.MapPatch("/users/{id}", UpdateUserAsync);
        backend.MapDelete("/users/{id}", DeleteUserAsync);
        backend.MapGet("/sessions/{id}", (string id) => store.FindSession(id) is { } session ? Results.Ok(session.Describe()) : NotFound("session", id));
        backend.MapPost("/sessions/{id}/revoke", (string id) => store.Revoke(id) is { } session ? Results.Ok(session.Describe()) : NotFound("session", id));
        backend.MapPost("/sessions/{id}/tokens", Token);
        backend.MapPost("/sessions/{id}/tokens/{template}", Token);

        app.MapPost("/sandbox/rotate-keys", () => new { kid = keys.Rotate() });
        app.MapPost("/sandbox/skew", (int seconds) => tokens.Skew = seconds);
        app.MapPost("/sandbox/webhooks", (string url) => new { url, secret = webhooks.Add(url) });
    }

    private IResult Token(string id) => store.FindSession(id) switch
    {
        { Status: "active" } session when store.FindUser(session.UserId) is { } user => Results.Ok(new { @object = "token", jwt = tokens.Create(user, session) }),
        null => NotFound("session", id),
        _ => Failure(422, "session_not_active", "The session is no longer active."),
    };

    private async Task<IResult> UpdateUserAsync(string id, UserChange change, CancellationToken ct)
    {
        if (store.Rename(id, change.FirstName, change.LastName) is not { } user)
            return NotFound("user", id);
        await webhooks.TellAsync("user.updated", user.Describe(), ct);
        return Results.Ok(user.Describe());
    }

    private async Task<IResult> DeleteUserAsync(string id, CancellationToken ct)
    {
        if (store.Remove(id) is null)
            return NotFound("user", id);
        var deleted = new { id, @object = "user", deleted = true };
        await webhooks.TellAsync("user.deleted", deleted, ct);
        return Results.Ok(deleted);
    }

    private static IResult NotFound(string kind, string id) => Failure(404, "resource_not_found", $"No {kind} was found with id {id}");

    private static IResult Failure(int status, string code, string message) =>
        Results.Json(new { errors = new[] { new { message, long_message = message, code } }, clerk_trace_id = ClerkStore.NewId("trace_") }, statusCode: status);

    private sealed record UserChange([property: JsonPropertyName("first_name")] string? FirstName, [property: JsonPropertyName("last_name")] string? LastName);
}
