using System.Text.Json.Serialization;

namespace Aurion.Sandbox.Clerk;

/// <summary>The Backend API, for whoever has the secret key.</summary>
internal sealed class ClerkBackend(ClerkStore store, ClerkUsers users, ClerkKeys keys, ClerkTokens tokens, string secretKey)
{
    private const string Scheme = "Bearer ";

    public void Map(WebApplication app)
    {
        var api = app.MapGroup("/v1").AddEndpointFilter(async (context, next) => Refuse(context.HttpContext) ?? await next(context));
        api.MapGet("/jwks", keys.Jwks);
        api.MapGet("/clients/handshake_payload", (string? nonce) => nonce is null ? ClerkAnswers.Missing("nonce")
            : store.Take(nonce) is { } directives ? ClerkAnswers.Ok(new { directives }) : ClerkAnswers.NotFound("handshake payload", nonce));

        api.MapGet("/users", (string[]? email_address, int limit = 10, int offset = 0) =>
            ClerkAnswers.Ok(Find(email_address).Skip(offset).Take(limit).Select(user => user.Describe()).ToArray()));
        api.MapGet("/users/count", (string[]? email_address) => ClerkAnswers.Ok(new { @object = "total_count", total_count = Find(email_address).Count() }));
        api.MapPost("/users", Create);
        api.MapGet("/users/{id}", (string id) => store.FindUser(id) is { } user ? ClerkAnswers.Ok(user.Describe()) : ClerkAnswers.NotFound("user", id));
        api.MapPatch("/users/{id}", Update);
        api.MapDelete("/users/{id}", (string id) => users.Delete(id) is { } deleted ? ClerkAnswers.Ok(deleted) : ClerkAnswers.NotFound("user", id));
        api.MapPost("/email_addresses", AddEmail);

        api.MapGet("/sessions", (string? user_id, string? client_id) =>
        {
            var found = store.Sessions.Where(session => (user_id ?? session.UserId) == session.UserId && (client_id ?? session.ClientId) == session.ClientId).Select(session => session.Describe()).ToArray();
            return ClerkAnswers.Ok(new { data = found, total_count = found.Length });
        });
        api.MapGet("/sessions/{id}", (string id) => store.FindSession(id) is { } session ? ClerkAnswers.Ok(session.Describe()) : ClerkAnswers.NotFound("session", id));
        api.MapPost("/sessions/{id}/revoke", (string id) => users.SignOut(id) is { } session ? ClerkAnswers.Ok(session.Describe()) : ClerkAnswers.NotFound("session", id));
        api.MapPost("/sessions/{id}/tokens", (string id) => Token(id, null));
        api.MapPost("/sessions/{id}/tokens/{template}", Token);
    }

    private IResult? Refuse(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.Ordinal))
            return ClerkAnswers.Error(401, "authorization_header_format_invalid", "Invalid Authorization header format",
                "Invalid Authorization header format. Must be 'Bearer <YOUR_API_KEY>'");
        return header[Scheme.Length..] == secretKey ? null
            : ClerkAnswers.Error(401, "clerk_key_invalid", "The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.");
    }

    private IEnumerable<ClerkUser> Find(string[]? addresses) => store.Users.Where(user =>
        addresses is not { Length: > 0 } || user.Emails.Any(email => addresses.Contains(email.Address, StringComparer.OrdinalIgnoreCase)));

    private IResult Create(NewUser wanted) =>
        users.Create(wanted.EmailAddresses?.FirstOrDefault(), wanted.Password ?? "", wanted.FirstName, wanted.LastName) is { } user
            ? ClerkAnswers.Ok(user.Describe())
            : Taken("email_address");

    private IResult Update(string id, UserChange change)
    {
        if (store.FindUser(id) is not { } user)
            return ClerkAnswers.NotFound("user", id);
        if (change.PrimaryEmailAddressId is { } primary && user.Emails.All(email => email.Id != primary || !email.Verified))
            return ClerkAnswers.Error(422, "form_param_value_invalid", "is invalid", "The primary email address must be a verified address of the user.", new { param_name = "primary_email_address_id" });
        return ClerkAnswers.Ok(users.Update(id, was => was with
        {
            FirstName = change.FirstName ?? was.FirstName,
            LastName = change.LastName ?? was.LastName,
            PrimaryEmailId = change.PrimaryEmailAddressId ?? was.PrimaryEmailId,
        })!.Describe());
    }

    private IResult AddEmail(NewEmail wanted)
    {
        if (store.FindUser(wanted.UserId) is null)
            return ClerkAnswers.NotFound("user", wanted.UserId);
        if (store.FindByEmail(wanted.EmailAddress) is not null)
            return Taken("email_address");
        var email = new ClerkEmail(ClerkStore.NewId("idn_"), wanted.EmailAddress.Trim().ToLowerInvariant(), wanted.Verified, "admin");
        users.Update(wanted.UserId, user => user with
        {
            Emails = [.. user.Emails, email],
            PrimaryEmailId = wanted.Primary || user.PrimaryEmailId is null ? email.Id : user.PrimaryEmailId,
        });
        return ClerkAnswers.Ok(email.Describe());
    }

    private static IResult Taken(string parameter) =>
        ClerkAnswers.Error(422, "form_identifier_exists", "That email address is taken. Please try another.", meta: new { param_name = parameter });

    private IResult Token(string id, string? template) => store.FindSession(id) switch
    {
        null => ClerkAnswers.NotFound("session", id),
        { Status: not "active" } => ClerkAnswers.Error(404, "resource_not_found", "not found", $"No active session was found with id {id}"),
        _ when template is not (null or "supabase") => ClerkAnswers.Error(404, "resource_not_found", "JWT template not found", $"No JWT template exists with name: {template}"),
        // From a server there is no Origin, so there is no authorized party.
        var session => ClerkAnswers.Ok(new { @object = "token", jwt = template is null ? tokens.Create(session, null) : tokens.CreateFromTemplate(store.FindUser(session.UserId)!, null) }),
    };

    private sealed record NewUser([property: JsonPropertyName("email_address")] string[]? EmailAddresses, [property: JsonPropertyName("password")] string? Password,
        [property: JsonPropertyName("first_name")] string? FirstName, [property: JsonPropertyName("last_name")] string? LastName);

    private sealed record UserChange([property: JsonPropertyName("first_name")] string? FirstName, [property: JsonPropertyName("last_name")] string? LastName,
        [property: JsonPropertyName("primary_email_address_id")] string? PrimaryEmailAddressId);

    private sealed record NewEmail([property: JsonPropertyName("user_id")] string UserId, [property: JsonPropertyName("email_address")] string EmailAddress,
        [property: JsonPropertyName("verified")] bool Verified, [property: JsonPropertyName("primary")] bool Primary);
}
