using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aurion.Web.Account.Clerk;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account.Clerk;

/// <summary>Invented key ids cost Clerk nothing; time stands still here, so that each call is counted.</summary>
public sealed class ClerkKeyTests(ClerkApp app) : IClassFixture<ClerkApp>
{
    [Fact]
    public async Task A_flood_of_unknown_key_ids_asks_Clerk_once_in_thirty_seconds()
    {
        app.Clock.StopAt(app.Clock.GetUtcNow());
        var email = app.NewEmail();
        var subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(app.Anonymous(), email);
        Assert.Equal(HttpStatusCode.OK, (await app.CallApiAsync(await app.TokenAsync(subject))).StatusCode);
        var before = await ServedAsync();

        for (var window = 1; window <= 2; window++)
        {
            app.Clock.Advance(ClerkKeys.Pause);
            var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => app.CallApiAsync(Invented($"ins_{window}_{number}"))));

            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
            Assert.Equal(before + window, await ServedAsync());
        }

        app.Clock.Advance(ClerkKeys.Pause - TimeSpan.FromTicks(1));
        await app.CallApiAsync(Invented("ins_early"));
        Assert.Equal(before + 2, await ServedAsync());
    }

    private async Task<int> ServedAsync() => (await app.ControlAsync("keys-served", HttpMethod.Get)).GetInt32();

    private string Invented(string kid)
    {
        var now = app.Clock.GetUtcNow().ToUnixTimeSeconds();
        var signed = $"{Encode(new { alg = "RS256", kid, typ = "JWT" })}.{Encode(new { iss = app.Clerk.Address, sub = "user_x", sid = "sess_x", azp = "http://127.0.0.1:5080", iat = now, exp = now + 60 })}";
        return $"{signed}.{Convert.ToBase64String(RandomNumberGenerator.GetBytes(256)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";
    }

    private static string Encode(object part) => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(part))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
