using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Aurion.Sandbox.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aurion.Web.Tests.Account.Identities;

/// <summary>
/// The ends of Google's and GitHub's OAuth that an application meets, as strict as they are: a registered return address, PKCE, a code that
/// works once, a secret, and each provider's own shapes.
/// </summary>
internal sealed class OutsideStandIn : IAsyncDisposable
{
    public const string ClientId = "client-of-the-tests";
    public const string ClientSecret = "secret-of-the-tests";

    private readonly ConcurrentDictionary<string, (string Challenge, string Back, Person Who)> codes = new();
    private readonly ConcurrentDictionary<string, Person> tokens = new();
    private LoopbackServer http = null!;

    /// <summary>Who sits in front of the browser.</summary>
    public Person Who { get; set; } = new("1", "nobody@test.example", true, "Nobody");

    /// <summary>Whether the person presses "cancel".</summary>
    public bool Denies { get; set; }

    /// <summary>The step that fails: token, user or emails.</summary>
    public string? Fails { get; set; }

    public string Address => http.Address;

    public static async Task<OutsideStandIn> StartAsync()
    {
        var standIn = new OutsideStandIn();
        standIn.http = await LoopbackServer.StartAsync(0, app =>
        {
            app.MapGet("/authorize", standIn.Authorize);
            app.MapPost("/token", (HttpRequest request) => standIn.TokenAsync(request.HttpContext)).DisableAntiforgery();
            app.MapGet("/userinfo", (HttpContext context) => standIn.Answer(context, "user", who => new { sub = who.Subject, email = who.Email, email_verified = who.IsVerified, name = who.Name }));
            app.MapGet("/user", (HttpContext context) => standIn.Answer(context, "user", who => new { id = long.Parse(who.Subject, null), login = "nobody", name = who.Name, email = who.ProfileEmail }));
            app.MapGet("/user/emails", (HttpContext context) => standIn.Answer(context, "emails", who => new object[]
            {
                new { email = "another@test.example", primary = false, verified = true, visibility = (string?)null },
                new { email = who.Email, primary = true, verified = who.IsVerified, visibility = "private" },
            }));
        });
        return standIn;
    }

    public ValueTask DisposeAsync() => http.DisposeAsync();

    private IResult Authorize(HttpContext context)
    {
        string Get(string name) => context.Request.Query[name].ToString();
        var back = new Uri(Get("redirect_uri"));
        if (Get("client_id") != ClientId || Get("response_type") != "code" || Get("code_challenge_method") != "S256" || Get("state").Length == 0
            || back.AbsolutePath is not ("/account/google/return" or "/account/github/return") || (back.AbsolutePath.Contains("github") && !Get("scope").Contains("user:email", StringComparison.Ordinal)))
            return Results.BadRequest();
        if (Denies)
            return Results.Redirect($"{back}?error=access_denied&state={Uri.EscapeDataString(Get("state"))}");
        var code = RandomNumberGenerator.GetHexString(16);
        codes[code] = (Get("code_challenge"), back.ToString(), Who);
        return Results.Redirect($"{back}?code={code}&state={Uri.EscapeDataString(Get("state"))}");
    }

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        if (Fails == "token")
            return Results.StatusCode(503);
        var proof = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret || form["grant_type"] != "authorization_code"
            || !codes.TryRemove(form["code"].ToString(), out var given) || given.Challenge != proof || given.Back != form["redirect_uri"])
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        var token = RandomNumberGenerator.GetHexString(16);
        tokens[token] = given.Who;
        return Results.Json(new { access_token = token, token_type = "bearer", scope = "user:email", expires_in = 3599 });
    }

    private IResult Answer(HttpContext context, string step, Func<Person, object> describe)
    {
        if (Fails == step)
            return Results.StatusCode(503);
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.Ordinal) && tokens.TryGetValue(header["Bearer ".Length..], out var who) ? Results.Json(describe(who)) : Results.Unauthorized();
    }

    internal sealed record Person(string Subject, string? Email, bool IsVerified, string? Name, string? ProfileEmail = null);
}
