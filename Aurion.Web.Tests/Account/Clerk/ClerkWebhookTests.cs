using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aurion.Web.Account.Clerk;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account.Clerk;

/// <summary>What Clerk tells of its users: believed when signed, applied once, in whatever order it comes.</summary>
public sealed class ClerkWebhookTests(ClerkApp app) : IClassFixture<ClerkApp>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        await app.ControlAsync("faults", HttpMethod.Delete);
        await app.WebhooksOffAsync();
        app.Clock.Advance(ClerkKeys.Pause);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Users_come_change_and_go()
    {
        await app.WebhooksOnAsync("&copies=2");
        var (email, next) = (app.NewEmail(), app.NewEmail());

        var subject = await app.GivenAtClerkAsync(email);
        await HeardAsync(subject, 1);
        var id = await app.UserOfAsync(subject);
        Assert.Equal((email, "Camille Martin", 100), await ProfileAsync(id));

        await app.AtClerkAsync(HttpMethod.Patch, "/v1/users/" + subject, new { first_name = "Claude" });
        await HeardAsync(subject, 2);
        await app.AddEmailAsync(subject, next);
        await HeardAsync(subject, 3);
        Assert.Equal((next, "Claude Martin", 100), await ProfileAsync(id));

        await app.AtClerkAsync(HttpMethod.Delete, "/v1/users/" + subject);
        await HeardAsync(subject, 4);
        Assert.Equal(("", null!, 100), await ProfileAsync(id));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_identities WHERE user_id = @id", new { id }));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_credentials WHERE user_id = @id", new { id }));
    }

    [Fact]
    public async Task Whoever_is_deleted_at_Clerk_is_signed_out_and_the_token_that_is_left_opens_nothing()
    {
        await app.WebhooksOnAsync();
        var (browser, email) = (app.Anonymous(), app.NewEmail());
        var subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(browser, email);
        var token = await app.TokenAsync(subject);
        Assert.Equal(HttpStatusCode.OK, (await app.CallApiAsync(token)).StatusCode);

        await app.AtClerkAsync(HttpMethod.Delete, "/v1/users/" + subject);
        await Eventually.HoldsAsync(() => app.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM identity_events WHERE subject = @subject AND type = 'user.deleted')", new { subject }), "the deletion arrives");

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.CallApiAsync(token)).StatusCode);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_identities WHERE subject = @subject", new { subject }));
    }

    [Fact]
    public async Task A_session_that_is_ended_at_Clerk_ends_here()
    {
        await app.WebhooksOnAsync();
        var (browser, email) = (app.Anonymous(), app.NewEmail());
        var subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(browser, email);
        var session = (await app.AtClerkAsync(HttpMethod.Get, "/v1/sessions?user_id=" + subject)).GetProperty("data")[0].GetProperty("id").GetString();

        await app.AtClerkAsync(HttpMethod.Post, $"/v1/sessions/{session}/revoke");

        await Eventually.HoldsAsync(async () => (await browser.GetAsync("/account")).StatusCode == HttpStatusCode.Redirect, "the session ends here");
    }

    [Theory]
    [InlineData("another secret")]
    [InlineData("another body")]
    [InlineData("301 seconds old")]
    [InlineData("an hour ahead")]
    [InlineData("another id")]
    [InlineData("no id")]
    [InlineData("no time")]
    [InlineData("a time that is text")]
    [InlineData("a time that overflows")]
    [InlineData("no signature")]
    [InlineData("another version")]
    [InlineData("a cut signature")]
    [InlineData("8 kB of signatures")]
    public async Task A_message_that_Clerk_did_not_sign_like_this_is_400_and_changes_nothing(string what)
    {
        var (subject, email) = ("user_" + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N"), app.NewEmail());
        var body = Body("user.created", subject, email, app.Clock.GetUtcNow());
        var at = app.Clock.GetUtcNow().ToUnixTimeSeconds() + what switch { "301 seconds old" => -301, "an hour ahead" => 3600, _ => 0 };
        var (id, time, signature) = ("msg_" + subject, at.ToString(CultureInfo.InvariantCulture), Sign("msg_" + subject, at, body, what == "another secret" ? [1, .. new byte[23]] : new byte[24]));
        (id, time, signature, body) = what switch
        {
            "another body" => (id, time, signature, body.Replace(email, "evil@test.example", StringComparison.Ordinal)),
            "another id" => (id + "x", time, signature, body),
            "no id" => ("", time, signature, body),
            "no time" => (id, "", signature, body),
            "a time that is text" => (id, "now", signature, body),
            "a time that overflows" => (id, "99999999999999999999", signature, body),
            "no signature" => (id, time, "", body),
            "another version" => (id, time, signature.Replace("v1,", "v1a,", StringComparison.Ordinal), body),
            "a cut signature" => (id, time, signature[..^4], body),
            "8 kB of signatures" => (id, time, string.Join(' ', Enumerable.Repeat(signature, 180)), body),
            _ => (id, time, signature, body),
        };

        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(id, time, signature, body));

        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM identity_events WHERE subject = @subject", new { subject }));
    }

    [Fact]
    public async Task The_right_signature_may_be_the_second_and_299_seconds_old()
    {
        var subject = "user_" + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N");
        var body = Body("user.created", subject, app.NewEmail(), app.Clock.GetUtcNow());
        var at = app.Clock.GetUtcNow().ToUnixTimeSeconds() - 290;

        Assert.Equal(HttpStatusCode.OK, await SendAsync("msg_2", at.ToString(CultureInfo.InvariantCulture), "v1,AAAA " + Sign("msg_2", at, body, new byte[24]), body));

        Assert.NotEqual(Guid.Empty, await app.UserOfAsync(subject));
    }

    [Fact]
    public async Task The_same_message_a_hundred_times_at_once_counts_once()
    {
        var (subject, email) = ("user_" + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N"), app.NewEmail());
        var (at, body) = (app.Clock.GetUtcNow().ToUnixTimeSeconds(), Body("user.created", subject, email, app.Clock.GetUtcNow()));
        var signature = Sign("msg_hundred", at, body, new byte[24]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => SendAsync("msg_hundred", at.ToString(CultureInfo.InvariantCulture), signature, body)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
        Assert.Equal((1, 1, 100), Assert.Single(await app.QueryAsync<(int, int, int)>("""
            SELECT (SELECT count(*)::int FROM profiles WHERE email = @email), (SELECT count(*)::int FROM identity_events WHERE event_id = 'msg_hundred'),
                   (SELECT sum(total_credits)::int FROM user_credits c JOIN profiles p ON p.id = c.user_id WHERE p.email = @email)
            """, new { email })));
    }

    [Fact]
    public async Task Every_order_of_created_updated_and_deleted_ends_in_the_same_state()
    {
        string[] types = ["user.created", "user.updated", "user.deleted"];
        foreach (var order in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
        {
            var (subject, email, next) = ("user_" + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N"), app.NewEmail(), app.NewEmail());
            var start = app.Clock.GetUtcNow();
            foreach (var step in order)
                await TellAsync(types[step], subject, step == 0 ? email : next, start.AddSeconds(step));

            Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_identities WHERE subject = @subject", new { subject }));
            Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM profiles WHERE email IN (@email, @next)", new { email, next }));
        }
    }

    [Fact]
    public async Task An_older_change_that_comes_late_undoes_no_newer_one()
    {
        var (subject, email, next) = ("user_" + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N"), app.NewEmail(), app.NewEmail());
        var start = app.Clock.GetUtcNow();
        await TellAsync("user.updated", subject, next, start.AddSeconds(2));
        await TellAsync("user.updated", subject, app.NewEmail(), start.AddSeconds(1));
        await TellAsync("user.created", subject, email, start);

        Assert.Equal(next, (await ProfileAsync(await app.UserOfAsync(subject))).Email);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"type":"user.created"}""")]
    [InlineData("""{"type":"user.created","data":null}""")]
    [InlineData("""{"type":"user.created","data":[]}""")]
    [InlineData("""{"type":"user.created","data":{"id":7}}""")]
    [InlineData("""{"type":"user.deleted","data":{"id":""}}""")]
    [InlineData("""{"type":"session.ended","data":{"id":"sess_1"}}""")]
    public async Task A_signed_message_that_is_no_event_is_400(string body)
    {
        var at = app.Clock.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync("msg_odd", at.ToString(CultureInfo.InvariantCulture), Sign("msg_odd", at, body, new byte[24]), body));
    }

    [Fact]
    public async Task An_event_that_nobody_asked_for_is_received_and_changes_nothing()
    {
        var at = app.Clock.GetUtcNow().ToUnixTimeSeconds();
        const string body = """{"type":"organization.created","data":{"id":"org_1"},"timestamp":1}""";

        Assert.Equal(HttpStatusCode.OK, await SendAsync("msg_org", at.ToString(CultureInfo.InvariantCulture), Sign("msg_org", at, body, new byte[24]), body));
    }

    private Task HeardAsync(string subject, int events) =>
        Eventually.HoldsAsync(async () => await app.ScalarAsync<int>("SELECT count(*)::int FROM identity_events WHERE subject = @subject", new { subject }) == events, $"{events} events arrive");

    private async Task<(string Email, string Name, int Credits)> ProfileAsync(Guid id) => Assert.Single(await app.QueryAsync<(string, string, int)>(
        "SELECT p.email, p.full_name, c.total_credits FROM profiles p JOIN user_credits c ON c.user_id = p.id WHERE p.id = @id", new { id }));

    private async Task TellAsync(string type, string subject, string email, DateTimeOffset updatedAt)
    {
        var at = app.Clock.GetUtcNow().ToUnixTimeSeconds();
        var (id, body) = ("msg_" + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N"), Body(type, subject, email, updatedAt));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(id, at.ToString(CultureInfo.InvariantCulture), Sign(id, at, body, new byte[24]), body));
    }

    private static string Body(string type, string subject, string email, DateTimeOffset at) => type == "user.deleted"
        ? JsonSerializer.Serialize(new { type, @object = "event", timestamp = at.ToUnixTimeMilliseconds(), data = new { id = subject, @object = "user", deleted = true } })
        : JsonSerializer.Serialize(new
        {
            type,
            @object = "event",
            timestamp = at.ToUnixTimeMilliseconds(),
            data = new
            {
                id = subject,
                first_name = "Camille",
                last_name = (string?)null,
                primary_email_address_id = "idn_1",
                email_addresses = new[] { new { id = "idn_1", email_address = email, verification = new { status = "verified" } } },
                updated_at = at.ToUnixTimeMilliseconds(),
            },
        });

    // Written from Svix's description: the library that checks must not be the one that signs.
    private static string Sign(string id, long at, string body, byte[] key) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{at}.{body}")));

    private async Task<HttpStatusCode> SendAsync(string id, string time, string signature, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/clerk-webhook", UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("svix-id", id);
        request.Headers.TryAddWithoutValidation("svix-timestamp", time);
        request.Headers.TryAddWithoutValidation("svix-signature", signature);
        using var answer = await app.Anonymous().Http.SendAsync(request);
        return answer.StatusCode;
    }
}
