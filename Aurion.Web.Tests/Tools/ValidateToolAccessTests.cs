using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

public sealed class ValidateToolAccessTests(QuietApp app) : IClassFixture<QuietApp>
{
    private const string Url = "/api/validate-tool-access";

    [Fact]
    public async Task A_launch_takes_the_cost_opens_a_session_and_writes_one_ledger_row()
    {
        var user = await app.GivenUserAsync();

        var response = await app.WithToken(user).PostJsonAsync(Url, new { toolId = "app-builder" });

        var answer = await ReadAsync(response, HttpStatusCode.OK);
        Assert.Equal(50, answer.GetProperty("creditsConsumed").GetInt32());
        Assert.False(answer.GetProperty("isReusedSession").GetBoolean());
        Assert.StartsWith("http://127.0.0.1:5085/tools/app-builder", answer.GetProperty("iframeUrl").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(answer.GetProperty("sessionToken").GetString()!, answer.GetProperty("iframeUrl").GetString(), StringComparison.Ordinal);
        Assert.Equal((100, 50, 50), (Credits(answer, "total"), Credits(answer, "used"), Credits(answer, "remaining")));
        Assert.Equal(("free", "active"), (answer.GetProperty("plan").GetProperty("type").GetString(), answer.GetProperty("plan").GetProperty("status").GetString()));
        Assert.Equal(app.Clock.GetUtcNow().AddHours(24), answer.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromSeconds(30));
        var (cost, metadata) = Assert.Single(await app.QueryAsync<(int, string)>(
            "SELECT credits_used, metadata::text FROM usage_logs WHERE user_id = @Id AND action_type = 'launch_tool_app-builder'", user));
        Assert.Equal(50, cost);
        Assert.Equal("""{"action": "launch", "tool_id": "app-builder"}""", metadata);
    }

    [Theory]
    [InlineData(49, HttpStatusCode.Forbidden)]
    [InlineData(50, HttpStatusCode.OK)]
    [InlineData(51, HttpStatusCode.OK)]
    public async Task The_limit_is_exact(int credits, HttpStatusCode expected)
    {
        var user = await app.GivenUserAsync(credits);

        var response = await app.WithToken(user).PostJsonAsync(Url, new { toolId = "app-builder" });

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? credits - 50 : credits, await LeftAsync(user));
    }

    [Fact]
    public async Task A_refusal_says_what_is_missing_and_where_to_go_and_takes_nothing()
    {
        var user = await app.GivenUserAsync(credits: 20);

        var response = await app.WithToken(user).PostJsonAsync(Url, new { toolId = "app-builder" });

        var answer = await ReadAsync(response, HttpStatusCode.Forbidden);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Insufficient credits", answer.GetProperty("error").GetString());
        Assert.Equal("INSUFFICIENT_CREDITS", answer.GetProperty("code").GetString());
        Assert.Equal((50, 20), (answer.GetProperty("required").GetInt32(), answer.GetProperty("available").GetInt32()));
        Assert.Equal("/pricing", answer.GetProperty("upgrade_url").GetString());
        Assert.Equal(0, await app.ScalarAsync<long>("SELECT count(*) FROM tool_sessions WHERE user_id = @Id", user));
    }

    [Fact]
    public async Task A_relaunch_reuses_the_live_session_for_nothing_and_a_new_session_is_paid_for()
    {
        var user = await app.GivenUserAsync();
        var client = app.WithToken(user);
        var first = await ReadAsync(await client.PostJsonAsync(Url, new { toolId = "app-builder" }), HttpStatusCode.OK);

        var again = await ReadAsync(await client.PostJsonAsync(Url, new { toolId = "app-builder" }), HttpStatusCode.OK);
        var other = await ReadAsync(await client.PostJsonAsync(Url, new { toolId = "app-builder", newSession = true }), HttpStatusCode.OK);

        Assert.True(again.GetProperty("isReusedSession").GetBoolean());
        Assert.Equal(0, again.GetProperty("creditsConsumed").GetInt32());
        Assert.Equal(first.GetProperty("sessionId").GetGuid(), again.GetProperty("sessionId").GetGuid());
        Assert.Equal(first.GetProperty("sessionToken").GetString(), again.GetProperty("sessionToken").GetString());
        Assert.NotEqual(first.GetProperty("sessionId").GetGuid(), other.GetProperty("sessionId").GetGuid());
        Assert.Equal(0, await LeftAsync(user));
    }

    [Fact]
    public async Task A_fourth_session_of_one_tool_ends_the_oldest()
    {
        var user = await app.GivenUserAsync(credits: 100);
        var ids = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            var answer = await ReadAsync(await app.WithToken(user).PostJsonAsync(Url, new { toolId = "text-editor", newSession = true }), HttpStatusCode.OK);
            ids.Add(answer.GetProperty("sessionId").GetGuid());
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var live = await app.QueryAsync<Guid>("SELECT id FROM tool_sessions WHERE user_id = @Id AND ended_at IS NULL ORDER BY created_at", user);

        Assert.Equal(ids.Skip(1), live);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_answer_once_and_another_body_is_refused()
    {
        var user = await app.GivenUserAsync();
        var client = app.WithToken(user);
        client.Http.DefaultRequestHeaders.Add("Idempotency-Key", "order-1");
        var first = await ReadAsync(await client.PostJsonAsync(Url, new { toolId = "ai-agents" }), HttpStatusCode.OK);

        var second = await ReadAsync(await client.PostJsonAsync(Url, new { toolId = "ai-agents" }), HttpStatusCode.OK);
        var other = await client.PostJsonAsync(Url, new { toolId = "text-editor" });

        Assert.Equal(first.GetProperty("sessionId").GetGuid(), second.GetProperty("sessionId").GetGuid());
        Assert.Equal(30, second.GetProperty("creditsConsumed").GetInt32());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal(70, await LeftAsync(user));
    }

    [Fact]
    public async Task A_key_named_like_a_refill_cannot_stop_the_refill()
    {
        app.Clock.StopAt(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));
        var user = await app.GivenUserAsync();
        var client = app.WithToken(user);
        client.Http.DefaultRequestHeaders.Add("Idempotency-Key", "refill:2026-04-10");
        await ReadAsync(await client.PostJsonAsync(Url, new { toolId = "ai-agents" }), HttpStatusCode.OK);

        await app.ExecuteAsync("SELECT reset_monthly_credits('2026-04-10 12:00Z')");

        Assert.Equal(100, await LeftAsync(user));
    }

    [Fact]
    public async Task A_refusal_is_not_remembered_so_the_same_key_works_after_a_top_up()
    {
        var user = await app.GivenUserAsync(credits: 0);
        var client = app.WithToken(user);
        client.Http.DefaultRequestHeaders.Add("Idempotency-Key", "order-2");
        await ReadAsync(await client.PostJsonAsync(Url, new { toolId = "text-editor" }), HttpStatusCode.Forbidden);
        await app.ExecuteAsync("UPDATE user_credits SET used_credits = 0 WHERE user_id = @Id", user);

        await ReadAsync(await client.PostJsonAsync(Url, new { toolId = "text-editor" }), HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"toolId":"no-such-tool"}""", HttpStatusCode.BadRequest, "TOOL_NOT_FOUND")]
    [InlineData("""{"toolId":""}""", HttpStatusCode.BadRequest, "TOOL_NOT_FOUND")]
    [InlineData("""{"toolId":"' OR 1=1 --"}""", HttpStatusCode.BadRequest, "TOOL_NOT_FOUND")]
    [InlineData("{}", HttpStatusCode.BadRequest, "TOOL_NOT_FOUND")]
    [InlineData("""{"toolId":"video-generation"}""", HttpStatusCode.Conflict, "TOOL_UNAVAILABLE")]
    [InlineData("""{"toolId":7}""", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("""{"toolId":"app\u0000builder"}""", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("""{"toolId":""", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("null", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    public async Task A_bad_body_is_refused_with_its_reason_and_takes_nothing(string body, HttpStatusCode status, string code)
    {
        var user = await app.GivenUserAsync();

        var answer = await ReadAsync(await app.WithToken(user).PostTextAsync(Url, body), status);

        Assert.Equal(code, answer.GetProperty("code").GetString());
        Assert.Equal(100, await LeftAsync(user));
    }

    [Fact]
    public async Task Cost_credits_and_user_in_the_body_change_nothing()
    {
        var (user, other) = (await app.GivenUserAsync(), await app.GivenUserAsync());

        await app.WithToken(user).PostJsonAsync(Url, new { toolId = "app-builder", cost = -5, credits = 1_000_000, userId = other.Id, user_id = other.Id, plan = "pro" });

        Assert.Equal((50, 100), (await LeftAsync(user), await LeftAsync(other)));
    }

    [Fact]
    public async Task Without_a_token_nothing_opens()
    {
        var answer = await ReadAsync(await app.Anonymous().PostJsonAsync(Url, new { toolId = "app-builder" }), HttpStatusCode.Unauthorized);

        Assert.Equal("Authentication required", answer.GetProperty("error").GetString());
        Assert.Equal("AUTHENTICATION_FAILED", answer.GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_twenty_first_call_of_a_minute_waits()
    {
        var user = await app.GivenUserAsync();
        var client = app.WithToken(user);
        for (var i = 0; i < 20; i++)
            await ReadAsync(await client.PostJsonAsync(Url, new { toolId = "text-editor" }), HttpStatusCode.OK);

        var response = await client.PostJsonAsync(Url, new { toolId = "text-editor" });

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }

    private static int Credits(JsonElement answer, string name) => answer.GetProperty("credits").GetProperty(name).GetInt32();

    private Task<int> LeftAsync(TestUser user) =>
        app.ScalarAsync<int>("SELECT total_credits - used_credits + bonus_credits FROM user_credits WHERE user_id = @Id", user);

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        Assert.True(expected == response.StatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
