using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aurion.Web.Tests.Tools;

/// <summary>A program cannot tell whether the fast path or the endpoint answered. An Idempotency-Key makes the endpoint answer.</summary>
public sealed class LaunchFastPathTests(AurionApp app) : IClassFixture<AurionApp>
{
    private const string Path = "/api/validate-tool-access";

    [Fact]
    public async Task A_launch_has_the_same_headers_and_the_same_body_on_both_ways()
    {
        var (fast, slow) = (await app.GivenUserAsync(), await app.GivenUserAsync());

        var (first, second) = (await LaunchAsync(fast), await LaunchAsync(slow, key: "one"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(Headers(second), Headers(first));
        Assert.Equal(await ShapeAsync(second), await ShapeAsync(first));
    }

    [Fact]
    public async Task Only_what_is_not_ordinary_reaches_routing()
    {
        var user = await app.GivenUserAsync(credits: 500);
        await LaunchAsync(user);
        var routed = new List<string>();
        using var listening = app.Services.GetRequiredService<DiagnosticListener>().Subscribe(new Observer(routed.Add), (name, _, _) => name.EndsWith("EndpointMatched", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, (await LaunchAsync(user)).StatusCode);
        Assert.Empty(routed);

        Assert.Equal(HttpStatusCode.OK, (await LaunchAsync(user, key: "one")).StatusCode);
        Assert.Single(routed);
    }

    [Fact]
    public async Task Both_ways_share_one_rate_limit_and_refusals_count_once()
    {
        var user = await app.GivenUserAsync(credits: 50);
        Assert.Equal(HttpStatusCode.OK, (await LaunchAsync(user)).StatusCode);
        for (var i = 1; i < 20; i++)
            Assert.Equal(HttpStatusCode.Forbidden, (await LaunchAsync(user, key: i % 2 == 0 ? null : $"key {i}")).StatusCode);

        var refused = await LaunchAsync(user);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_refusal_of_the_database_is_asked_for_once()
    {
        var user = await app.GivenUserAsync();
        await LaunchAsync(user);
        await using var somebody = new NpgsqlConnection(app.OwnerConnectionString);
        await somebody.OpenAsync();
        await using var hold = await somebody.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("SELECT FROM user_credits WHERE user_id = $1 FOR NO KEY UPDATE", somebody) { Parameters = { new() { Value = user.Id } } })
            await take.ExecuteNonQueryAsync();
        app.Clock.StopAt(app.Clock.GetUtcNow());

        var waiting = LaunchAsync(user);
        await Task.Delay(200);
        Assert.False(waiting.IsCompleted);
        app.Clock.Advance(TimeSpan.FromSeconds(3));

        // Asked a second time, it would wait for three more seconds of a clock that stands still.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).StatusCode);
    }

    [Theory]
    [InlineData("""{"toolId":"app-builder","newSession":true} x""", 400)]
    [InlineData("""{"toolId":"app-builder","newSession":"yes"}""", 400)]
    [InlineData("""{"toolId":"\u0000"}""", 400)]
    [InlineData("""{"toolId":"none"}""", 400)]
    [InlineData("""{"toolId":null}""", 400)]
    [InlineData("""{"TOOLID":"text-editor"} """, 200)]
    public async Task A_body_means_the_same_on_both_ways(string body, int status)
    {
        var user = await app.GivenUserAsync();
        await LaunchAsync(user);

        var (fast, slow) = (await LaunchAsync(user, body: body), await LaunchAsync(user, body: body, key: "another"));

        Assert.Equal((status, status), ((int)fast.StatusCode, (int)slow.StatusCode));
        Assert.Equal(await ShapeAsync(slow), await ShapeAsync(fast));
    }

    [Fact]
    public async Task A_session_that_ended_opens_nothing()
    {
        var user = await app.GivenUserAsync();
        Assert.Equal(HttpStatusCode.OK, (await LaunchAsync(user)).StatusCode);
        await app.SignedInAs(user).PostFormAsync("/account/sign-out", new { }, from: "/account");

        Assert.Equal(HttpStatusCode.Unauthorized, (await LaunchAsync(user)).StatusCode);
    }

    private async Task<HttpResponseMessage> LaunchAsync(TestUser user, string? key = null, string body = """{"toolId":"app-builder","newSession":true}""")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await app.WithToken(user).Http.SendAsync(request);
    }

    private static IEnumerable<string> Headers(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);

    // Names and kinds of everything, in order.
    private static async Task<string> ShapeAsync(HttpResponseMessage response) =>
        string.Join(' ', Walk(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement));

    private static IEnumerable<string> Walk(JsonElement element) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().SelectMany(member => Walk(member.Value).Prepend(member.Name))
        : [element.ValueKind is JsonValueKind.True or JsonValueKind.False ? "Boolean" : element.ValueKind.ToString()];

    private sealed class Observer(Action<string> seen) : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value) => seen(value.Key);

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
