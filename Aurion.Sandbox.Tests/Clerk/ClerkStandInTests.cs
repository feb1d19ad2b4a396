using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Aurion.Sandbox.Clerk;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aurion.Sandbox.Tests.Clerk;

public sealed class ClerkStandInTests
{
    private const string Web = "http://127.0.0.1:6299";
    private const string Key = "sk_test_sandbox_test";

    [Fact]
    public async Task A_token_of_a_sign_up_is_what_the_published_keys_say_also_after_a_rotation()
    {
        await using var clerk = await ClerkStandIn.StartAsync(Key, Web, TimeProvider.System);
        using var http = Client(clerk);

        var (token, session) = await SignUpAsync(http);
        var old = await ValidateAsync(http, clerk, token);
        using (await http.PostAsync("/sandbox/rotate-keys", null)) { }
        var renewed = (await (await http.PostAsync($"/v1/sessions/{session}/tokens/supabase", null)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("jwt").GetString()!;

        Assert.True(old.IsValid, old.Exception?.Message);
        Assert.Equal("camille@demo.aurion.test", old.Claims["email"]);
        Assert.Equal(Web, old.Claims["azp"]);
        Assert.Equal("authenticated", old.Claims["role"]);
        Assert.Equal(TimeSpan.FromSeconds(60), old.SecurityToken.ValidTo - ((JsonWebToken)old.SecurityToken).IssuedAt);
        Assert.True((await ValidateAsync(http, clerk, renewed)).IsValid);
        Assert.True((await ValidateAsync(http, clerk, token)).IsValid);
        Assert.NotEqual(new JsonWebToken(token).Kid, new JsonWebToken(renewed).Kid);
    }

    [Fact]
    public async Task A_revoked_session_gives_no_token_and_the_backend_wants_its_key()
    {
        await using var clerk = await ClerkStandIn.StartAsync(Key, Web, TimeProvider.System);
        using var http = Client(clerk);
        var (token, session) = await SignUpAsync(http);
        var user = new JsonWebToken(token).Subject;

        Assert.Equal("camille@demo.aurion.test", (await http.GetFromJsonAsync<JsonElement>("/v1/users/" + user)).GetProperty("email_addresses")[0].GetProperty("email_address").GetString());
        using (await http.PostAsync($"/v1/sessions/{session}/revoke", null)) { }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await http.PostAsync($"/v1/sessions/{session}/tokens", null)).StatusCode);
        http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/v1/users/" + user)).StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_and_a_foreign_return_address_are_refused()
    {
        await using var clerk = await ClerkStandIn.StartAsync(Key, Web, TimeProvider.System);
        using var http = Client(clerk);
        await SignUpAsync(http);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(http, "/sign-in", "wrong password", Web + "/")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(http, "/sign-in", "a long password", "https://evil.example/")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync(http, "/sign-in", "a long password", Web + "/")).StatusCode);
    }

    [Fact]
    public async Task A_clock_that_goes_wrong_shows_in_the_tokens()
    {
        await using var clerk = await ClerkStandIn.StartAsync(Key, Web, TimeProvider.System);
        using var http = Client(clerk);
        var (token, session) = await SignUpAsync(http);

        using (await http.PostAsync("/sandbox/skew?seconds=-600", null)) { }
        var late = (await (await http.PostAsync($"/v1/sessions/{session}/tokens", null)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("jwt").GetString()!;

        Assert.InRange(new JsonWebToken(token).ValidTo - new JsonWebToken(late).ValidTo, TimeSpan.FromSeconds(590), TimeSpan.FromSeconds(610));
        Assert.IsType<SecurityTokenExpiredException>((await ValidateAsync(http, clerk, late)).Exception);
    }

    [Fact]
    public async Task Endpoints_are_told_of_people_who_come_change_and_go_signed_as_svix_signs()
    {
        await using var clerk = await ClerkStandIn.StartAsync(Key, Web, TimeProvider.System);
        using var http = Client(clerk);
        await using var endpoint = await SvixEndpoint.StartAsync();
        var added = await (await http.PostAsync("/sandbox/webhooks?url=" + Uri.EscapeDataString(endpoint.Address), null)).Content.ReadFromJsonAsync<JsonElement>();

        var user = new JsonWebToken((await SignUpAsync(http)).Token).Subject;
        using (await http.PatchAsJsonAsync("/v1/users/" + user, new { first_name = "Camille" })) { }
        using (await http.DeleteAsync("/v1/users/" + user)) { }

        Assert.Equal([("user.created", user), ("user.updated", user), ("user.deleted", user)], endpoint.Told(added.GetProperty("secret").GetString()!));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v1/users/" + user)).StatusCode);
    }

    [Fact]
    public async Task An_endpoint_that_never_answers_stops_nobody_from_signing_up()
    {
        await using var clerk = await ClerkStandIn.StartAsync(Key, Web, TimeProvider.System, webhookPatience: TimeSpan.FromMilliseconds(200));
        using var http = Client(clerk);
        await using var endpoint = await SvixEndpoint.StartAsync(silent: true);
        using (await http.PostAsync("/sandbox/webhooks?url=" + Uri.EscapeDataString(endpoint.Address), null)) { }

        Assert.NotEmpty((await SignUpAsync(http)).Token);
    }

    private static HttpClient Client(ClerkStandIn clerk)
    {
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(clerk.Address) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return http;
    }

    private static async Task<(string Token, string Session)> SignUpAsync(HttpClient http)
    {
        using var answer = await PostAsync(http, "/sign-up", "a long password", Web + "/account/clerk");
        var query = HttpUtility.ParseQueryString(answer.Headers.Location!.Query);
        return (query["__clerk_token"]!, query["__clerk_session"]!);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string page, string password, string back)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = "Camille@demo.aurion.test", ["password"] = password, ["redirect_url"] = back });
        return await http.PostAsync(page, form);
    }

    private static async Task<TokenValidationResult> ValidateAsync(HttpClient http, ClerkStandIn clerk, string token) =>
        await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = clerk.Address,
            ValidAudience = "authenticated",
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            IssuerSigningKeys = new JsonWebKeySet(await http.GetStringAsync("/.well-known/jwks.json")).GetSigningKeys(),
        });
}
