using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aurion.Web.Account.Clerk;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account.Clerk;

/// <summary>Which tokens of Clerk's the API believes, and why it does not believe the others.</summary>
public sealed class ClerkTokenTests(ClerkApp app) : IClassFixture<ClerkApp>, IAsyncLifetime
{
    private delegate void Change(Dictionary<string, object?> header, Dictionary<string, object?> claims, long now);

    private static readonly RSA Stranger = RSA.Create(2048);

    /// <summary>Signed with a key that Clerk does not publish, under its real id unless said otherwise.</summary>
    private static readonly Dictionary<string, (ClerkTokenFault Fault, Change Change)> Forgeries = new(StringComparer.Ordinal)
    {
        ["another key under the same id"] = (ClerkTokenFault.Signature, (_, claims, _) => claims["sub"] = "user_somebody_else"),
        ["an unknown key id"] = (ClerkTokenFault.UnknownKey, (header, _, _) => header["kid"] = "ins_another"),
        ["a key id with SQL"] = (ClerkTokenFault.UnknownKey, (header, _, _) => header["kid"] = "x' UNION SELECT 'a"),
        ["a key id that is a path"] = (ClerkTokenFault.UnknownKey, (header, _, _) => header["kid"] = "../../../../dev/null"),
        ["no key id"] = (ClerkTokenFault.UnknownKey, (header, _, _) => header.Remove("kid")),
        ["alg none"] = (ClerkTokenFault.Algorithm, (header, _, _) => header["alg"] = "none"),
        ["alg HS256"] = (ClerkTokenFault.Algorithm, (header, _, _) => header["alg"] = "HS256"),
        ["alg RS512"] = (ClerkTokenFault.Algorithm, (header, _, _) => header["alg"] = "RS512"),
        ["alg PS256"] = (ClerkTokenFault.Algorithm, (header, _, _) => header["alg"] = "PS256"),
        ["a key address"] = (ClerkTokenFault.Header, (header, _, _) => header["jku"] = "https://evil.example/jwks.json"),
        ["a key inside"] = (ClerkTokenFault.Header, (header, _, _) => header["jwk"] = new { kty = "RSA", n = Encode(Stranger.ExportParameters(false).Modulus!), e = "AQAB" }),
        ["a certificate address"] = (ClerkTokenFault.Header, (header, _, _) => header["x5u"] = "https://evil.example/cert.pem"),
        ["a critical extension"] = (ClerkTokenFault.Header, (header, _, _) => header["crit"] = new[] { "b64" }),
        ["another type"] = (ClerkTokenFault.Header, (header, _, _) => header["typ"] = "at+jwt"),
        ["a machine's token"] = (ClerkTokenFault.Category, (header, _, _) => header["cat"] = "cl_B7d4PD333AAA"),
    };

    /// <summary>Signed with Clerk's own key: what Clerk signs for others, or signed when its clock was wrong.</summary>
    private static readonly Dictionary<string, (ClerkTokenFault Fault, Change Change)> Misfits = new(StringComparer.Ordinal)
    {
        ["another issuer"] = (ClerkTokenFault.Issuer, (_, claims, _) => claims["iss"] = "https://clerk.evil.example"),
        ["no expiry"] = (ClerkTokenFault.NoExpiry, (_, claims, _) => claims.Remove("exp")),
        ["an expiry that is text"] = (ClerkTokenFault.Unreadable, (_, claims, _) => claims["exp"] = "never"),
        ["expired"] = (ClerkTokenFault.Expired, (_, claims, now) => claims["exp"] = now - 6),
        ["not yet valid"] = (ClerkTokenFault.NotYetValid, (_, claims, now) => claims["nbf"] = now + 30),
        ["issued in the future"] = (ClerkTokenFault.NotYetValid, (_, claims, now) => claims["iat"] = now + 30),
        ["no subject"] = (ClerkTokenFault.Subject, (_, claims, _) => claims.Remove("sub")),
        ["an empty subject"] = (ClerkTokenFault.Subject, (_, claims, _) => claims["sub"] = ""),
        ["a subject without end"] = (ClerkTokenFault.Subject, (_, claims, _) => claims["sub"] = new string('u', 300)),
        ["another application"] = (ClerkTokenFault.Party, (_, claims, _) => claims["azp"] = "https://other.example"),
        ["an application whose address begins alike"] = (ClerkTokenFault.Party, (_, claims, _) => claims["azp"] = "http://127.0.0.1:50800"),
        ["no application"] = (ClerkTokenFault.Party, (_, claims, _) => claims.Remove("azp")),
        ["another template's audience"] = (ClerkTokenFault.Audience, (header, claims, _) => (header["cat"], claims["aud"], claims["sid"]) = ("cl_B7d4PD222AAA", "hasura", null)),
        ["a template without audience"] = (ClerkTokenFault.Audience, (header, claims, _) => (header["cat"], claims["sid"]) = ("cl_B7d4PD222AAA", null)),
        ["a session token without session"] = (ClerkTokenFault.Session, (_, claims, _) => (claims["aud"], claims["sid"]) = ("authenticated", null)),
        ["a session that is pending"] = (ClerkTokenFault.Pending, (_, claims, _) => claims["sts"] = "pending"),
        ["a session of an unknown state"] = (ClerkTokenFault.Pending, (_, claims, _) => claims["sts"] = 1),
    };

    public static TheoryData<string> ForgeryNames => [.. Forgeries.Keys];

    public static TheoryData<string> MisfitNames => [.. Misfits.Keys];

    private string subject = "";

    public async Task InitializeAsync()
    {
        await app.ControlAsync("instance?tokenVersion=2&skew=0");
        await app.ControlAsync("faults", HttpMethod.Delete);
        await app.WebhooksOffAsync();
        app.Clock.Advance(ClerkKeys.Pause);
        var email = app.NewEmail();
        subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(app.Anonymous(), email);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("tokenVersion=2", null)]
    [InlineData("tokenVersion=1", null)]
    [InlineData("tokenVersion=2", "supabase")]
    public async Task A_session_token_of_either_version_and_one_of_the_guides_template_open_the_API(string version, string? template)
    {
        await app.ControlAsync("instance?" + version);

        var answer = await app.CallApiAsync(await app.TokenAsync(subject, template));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(5, await app.ScalarAsync<int>("SELECT used_credits FROM user_credits WHERE user_id = @id", new { id = await app.UserOfAsync(subject) }));
    }

    [Theory]
    [MemberData(nameof(ForgeryNames))]
    public async Task A_forged_token_is_refused_for_its_reason(string forgery)
    {
        var token = await app.TokenAsync(subject);
        var (header, claims, now) = Parts(token);
        var (fault, change) = Forgeries[forgery];
        change(header, claims, now);
        var forged = header["alg"] switch
        {
            "none" => $"{Encode(header)}.{Encode(claims)}.",
            // Signed with the public key as if it were a secret (CVE-2015-9235).
            "HS256" => Sign(header, claims, data => HMACSHA256.HashData(Stranger.ExportSubjectPublicKeyInfo(), data)),
            "PS256" => Sign(header, claims, data => Stranger.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
            _ => Sign(header, claims, data => Stranger.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        };

        await AssertRefusedAsync(fault, forged);
    }

    [Theory]
    [MemberData(nameof(MisfitNames))]
    public async Task A_token_that_Clerk_signed_for_somebody_or_something_else_is_refused_for_its_reason(string misfit)
    {
        var (header, claims, now) = Parts(await app.TokenAsync(subject));
        var (fault, change) = Misfits[misfit];
        change(header, claims, now);
        if (claims.TryGetValue("sid", out var sid) && sid is null)
            claims.Remove("sid");
        var signed = (await app.SignAsync(header["cat"]!.ToString()!, claims));

        await AssertRefusedAsync(fault, signed);
    }

    [Fact]
    public async Task A_token_that_was_touched_is_refused()
    {
        var token = await app.TokenAsync(subject);
        var parts = token.Split('.');
        var (header, claims, _) = Parts(token);
        claims["sub"] = "user_somebody_else";
        string[] touched =
        [
            token[..^1], token[..(token.Length / 2)], token + "A", token + ".", $"{parts[0]}.{Encode(claims)}.{parts[2]}", $"{parts[0]}.{parts[1]}", $"{parts[0]}.{parts[1]}.",
            $"{parts[1]}.{parts[0]}.{parts[2]}", $"{Encode(header)}.{parts[1]}.{new string('A', 342)}", $"{parts[0]}.{parts[1]}.{parts[2]}.{parts[1]}.{parts[2]}", new string('a', 20_000),
        ];

        foreach (var each in touched)
            Assert.Equal((each, HttpStatusCode.Unauthorized), (each, (await app.CallApiAsync(each)).StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await app.CallApiAsync(token)).StatusCode);
    }

    [Fact]
    public async Task A_token_of_Clerks_in_the_cookie_of_our_session_opens_nothing()
    {
        var token = await app.TokenAsync(subject);

        Assert.Equal(HttpStatusCode.Redirect, (await app.Browser(new CookieJar { ["aurion"] = token }).GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await app.Browser(new CookieJar { ["__session"] = token }).GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task After_a_rotation_the_new_key_is_found_and_the_old_tokens_hold()
    {
        var (header, claims, now) = Parts(await app.TokenAsync(subject));
        claims["exp"] = now + 3600;
        var before = await app.SignAsync(header["cat"]!.ToString()!, claims);
        Assert.Equal(HttpStatusCode.OK, (await app.CallApiAsync(before)).StatusCode);
        await app.ControlAsync("rotate-keys");
        app.Clock.Advance(ClerkKeys.Pause);

        Assert.Equal(HttpStatusCode.OK, (await app.CallApiAsync(await app.TokenAsync(subject))).StatusCode);
        // The stand-in signs with one key at a time: a token of before is one whose key is published, and no longer signs.
        var (token, fault) = await app.Service<ClerkTokens>().ValidateAsync(before, CancellationToken.None);
        Assert.Equal((subject, ClerkTokenFault.None), (token?.Subject, fault));
    }

    [Fact]
    public async Task While_Clerk_is_away_known_keys_go_on_and_a_new_person_gets_503()
    {
        Assert.Equal(HttpStatusCode.OK, (await app.CallApiAsync(await app.TokenAsync(subject))).StatusCode);
        var stranger = app.NewEmail();
        var other = await app.GivenAtClerkAsync(stranger);
        var session = await app.OpenSessionAsync(stranger);
        await app.ControlAsync("faults?path=/v1/users&status=503");
        await app.ControlAsync("faults?path=/.well-known&status=503");
        app.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(HttpStatusCode.OK, (await app.CallApiAsync(await app.TokenAsync(subject))).StatusCode);
        var answer = await app.CallApiAsync((await app.ControlAsync($"token?session={session}&origin=http://127.0.0.1:5080")).GetProperty("jwt").GetString()!);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("IDENTITY_PROVIDER_AWAY", await answer.Content.ReadAsStringAsync());
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_identities WHERE subject = @other", new { other }));

        await app.ControlAsync("faults", HttpMethod.Delete);
        Assert.Equal(HttpStatusCode.OK, (await app.CallApiAsync((await app.ControlAsync($"token?session={session}&origin=http://127.0.0.1:5080")).GetProperty("jwt").GetString()!)).StatusCode);
        Assert.NotEqual(Guid.Empty, await app.UserOfAsync(other));
    }

    private async Task AssertRefusedAsync(ClerkTokenFault fault, string token)
    {
        Assert.Equal((null, fault), await app.Service<ClerkTokens>().ValidateAsync(token, CancellationToken.None));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.CallApiAsync(token)).StatusCode);
    }

    private (Dictionary<string, object?> Header, Dictionary<string, object?> Claims, long Now) Parts(string token)
    {
        var parts = token.Split('.').Take(2).Select(part => JsonSerializer.Deserialize<Dictionary<string, object?>>(Convert.FromBase64String(part.Replace('-', '+').Replace('_', '/').PadRight((part.Length + 3) / 4 * 4, '=')))!).ToList();
        parts[0]["alg"] = "RS256";
        return (parts[0], parts[1], app.Clock.GetUtcNow().ToUnixTimeSeconds());
    }

    // Written by hand: the library that checks tokens must not be the one that forges them.
    private static string Sign(Dictionary<string, object?> header, Dictionary<string, object?> claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(object part) => Encode(part as byte[] ?? JsonSerializer.SerializeToUtf8Bytes(part));

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
