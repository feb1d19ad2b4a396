using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

public sealed class TokenTests(AurionApp app) : IClassFixture<AurionApp>
{
    private const string Secret = "sandbox-secret-of-the-test-run-0123456789";
    private const string PublicKey = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf\n-----END PUBLIC KEY-----";

    private delegate void Change(Dictionary<string, object> header, Dictionary<string, object> claims, long now);

    private static readonly Dictionary<string, Change> Forgeries = new(StringComparer.Ordinal)
    {
        ["another issuer"] = (_, claims, _) => claims["iss"] = "http://evil.example",
        ["no issuer"] = (_, claims, _) => claims.Remove("iss"),
        ["another audience"] = (_, claims, _) => claims["aud"] = "tools",
        ["no audience"] = (_, claims, _) => claims.Remove("aud"),
        ["expired"] = (_, claims, now) => claims["exp"] = now - 31,
        ["no expiry"] = (_, claims, _) => claims.Remove("exp"),
        ["not yet valid"] = (_, claims, now) => claims["nbf"] = now + 60,
        ["no subject"] = (_, claims, _) => claims.Remove("sub"),
        ["subject with SQL"] = (_, claims, _) => claims["sub"] = "' OR 1=1 --",
        ["somebody else's subject"] = (_, claims, now) => claims["sub"] = Guid.CreateVersion7(DateTimeOffset.FromUnixTimeSeconds(now)),
        ["no session"] = (_, claims, _) => claims.Remove("sid"),
        ["unknown session"] = (_, claims, now) => claims["sid"] = Guid.CreateVersion7(DateTimeOffset.FromUnixTimeSeconds(now)),
        ["session with SQL"] = (_, claims, _) => claims["sid"] = "x'; DROP TABLE profiles; --",
        ["unknown key id"] = (header, _, _) => header["kid"] = "another",
        ["key id with SQL"] = (header, _, _) => header["kid"] = "x' UNION SELECT 'a",
        ["key id that is a path"] = (header, _, _) => header["kid"] = "../../../../dev/null",
        ["key address"] = (header, _, _) => header["jku"] = "https://evil.example/jwks.json",
        ["key inside"] = (header, _, _) => header["jwk"] = new { kty = "oct", k = Encode(Encoding.UTF8.GetBytes(Secret)) },
        ["certificate address"] = (header, _, _) => header["x5u"] = "https://evil.example/cert.pem",
        ["critical extension"] = (header, _, _) => header["crit"] = new[] { "b64" },
        ["another type"] = (header, _, _) => header["typ"] = "logout+jwt",
        ["another algorithm named"] = (header, _, _) => header["alg"] = "RS256",
        ["HS512 named"] = (header, _, _) => header["alg"] = "HS512",
        ["nothing named"] = (header, _, _) => header["alg"] = "none",
        ["none in other letters"] = (header, _, _) => header["alg"] = "nOnE",
    };

    public static TheoryData<string> ForgeryNames => [.. Forgeries.Keys];

    [Fact]
    public async Task A_token_as_documented_is_accepted()
    {
        var (header, claims, _) = await GivenPartsAsync();

        Assert.Equal(HttpStatusCode.OK, await AskAsync(Sign(header, claims, Secret)));
    }

    [Theory]
    [MemberData(nameof(ForgeryNames))]
    public async Task A_token_that_differs_is_refused_although_signed_with_our_key(string forgery)
    {
        var (header, claims, now) = await GivenPartsAsync();
        Forgeries[forgery](header, claims, now);

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(Sign(header, claims, Secret)));
    }

    [Theory]
    [InlineData("another-secret-of-the-test-run-0123456789")]
    [InlineData("")]
    [InlineData(PublicKey)]
    public async Task A_token_signed_with_another_key_is_refused(string key)
    {
        var (header, claims, _) = await GivenPartsAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(Sign(header, claims, key)));
    }

    [Fact]
    public async Task A_token_that_was_touched_is_refused()
    {
        var (header, claims, _) = await GivenPartsAsync();
        var good = Sign(header, claims, Secret);
        var parts = good.Split('.');
        claims["sub"] = Guid.Empty;
        var otherClaims = Sign(header, claims, Secret).Split('.')[1];
        var unsigned = Encode(JsonSerializer.SerializeToUtf8Bytes(new { alg = "none", typ = "JWT" }));

        string[] touched =
        [
            "", ".", "..", "...", "x", good[..^1], good[..(good.Length / 2)], good + "A", good + ".", $"{good}.{parts[2]}",
            $"{parts[0]}.{parts[1]}", $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{otherClaims}.{parts[2]}", $"{unsigned}.{parts[1]}.",
            $"{unsigned}.{parts[1]}.{parts[2]}", $"{parts[1]}.{parts[0]}.{parts[2]}", $"{parts[0]}.{parts[1]}.{new string('A', 43)}",
            $"{parts[0]}.{parts[1]}.{parts[2]}.{parts[1]}.{parts[2]}", new string('a', 6000),
        ];

        foreach (var token in touched)
            Assert.Equal((token, HttpStatusCode.Unauthorized), (token, await AskAsync(token)));
    }

    [Fact]
    public async Task The_token_of_a_tool_signs_nobody_in()
    {
        var answer = await app.WithToken(await app.GivenUserAsync()).PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" });
        var toolToken = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("sessionToken").GetString()!;

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(toolToken));
    }

    [Fact]
    public async Task A_skew_of_thirty_seconds_is_forgiven_and_not_more()
    {
        var (header, claims, now) = await GivenPartsAsync();
        claims["exp"] = now - 20;

        Assert.Equal(HttpStatusCode.OK, await AskAsync(Sign(header, claims, Secret)));
    }

    [Fact]
    public async Task Without_a_token_the_answer_says_what_is_missing()
    {
        app.Clock.Advance(TimeSpan.FromSeconds(3));

        var response = await app.Anonymous().PostJsonAsync("/api/validate-tool-access", new { toolId = "app-builder" });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("Authentication required", problem.GetProperty("error").GetString());
        Assert.Equal("AUTHENTICATION_FAILED", problem.GetProperty("code").GetString());
    }

    private async Task<HttpStatusCode> AskAsync(string token)
    {
        // Strangers may ask twenty times a minute.
        app.Clock.Advance(TimeSpan.FromSeconds(3));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/validate-tool-access", UriKind.Relative))
        {
            Content = new StringContent("""{"toolId":"text-editor"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return (await app.Anonymous().Http.SendAsync(request)).StatusCode;
    }

    private async Task<(Dictionary<string, object> Header, Dictionary<string, object> Claims, long Now)> GivenPartsAsync()
    {
        var user = await app.GivenUserAsync();
        var now = app.Clock.GetUtcNow().ToUnixTimeSeconds();
        return (
            new(StringComparer.Ordinal) { ["alg"] = "HS256", ["typ"] = "JWT" },
            new(StringComparer.Ordinal)
            {
                ["iss"] = "http://127.0.0.1:5080",
                ["aud"] = "authenticated",
                ["sub"] = user.Id,
                ["email"] = user.Email,
                ["role"] = "authenticated",
                ["sid"] = await app.ScalarAsync<Guid>("SELECT id FROM account_sessions WHERE user_id = @Id", user),
                ["iat"] = now,
                ["exp"] = now + 3600,
            },
            now);
    }

    // Written by hand: the library that checks tokens must not be the one that forges them.
    private static string Sign(object header, object claims, string key)
    {
        var signed = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{signed}.{Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
