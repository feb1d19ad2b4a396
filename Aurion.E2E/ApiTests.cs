using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.E2E.Harness;
using Xunit.Abstractions;

namespace Aurion.E2E;

/// <summary>The checks of the original's test plan that a program makes: simultaneity, tokens, rates, speed.</summary>
public sealed class ApiTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    private const string Access = "/api/validate-tool-access";

    [Fact]
    public async Task Of_two_simultaneous_launches_at_fifty_credits_one_opens_and_one_is_refused()
    {
        var (http, email) = await NewcomerAsync();
        await Site.SqlAsync("UPDATE user_credits SET used_credits = 50 WHERE user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com')".For(email));

        var answers = await Task.WhenAll(LaunchAsync(http, "app-builder", again: true), LaunchAsync(http, "app-builder", again: true));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden], answers.Select(answer => answer.StatusCode).Order());
        Assert.Equal(100, Assert.Single(await Site.SqlAsync(Guide.Credits.For(email)))["used_credits"]);
        var refusal = await answers.Single(answer => answer.StatusCode == HttpStatusCode.Forbidden).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("Insufficient credits", refusal.GetProperty("error").GetString());
        Assert.Equal("INSUFFICIENT_CREDITS", refusal.GetProperty("code").GetString());
        Assert.Equal(50, refusal.GetProperty("required").GetInt32());
        Assert.Equal(0, refusal.GetProperty("available").GetInt32());
        Assert.Equal("/pricing", refusal.GetProperty("upgrade_url").GetString());
    }

    [Fact]
    public async Task A_launch_answers_all_that_is_documented()
    {
        var (http, _) = await NewcomerAsync();

        using var answer = await LaunchAsync(http, "app-builder");

        var launched = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(50, launched.GetProperty("creditsConsumed").GetInt32());
        Assert.False(launched.GetProperty("isReusedSession").GetBoolean());
        Assert.Equal(50, launched.GetProperty("credits").GetProperty("remaining").GetInt32());
        Assert.Equal("free", launched.GetProperty("plan").GetProperty("type").GetString());
        Assert.StartsWith(Site.State.Tools, launched.GetProperty("iframeUrl").GetString(), StringComparison.Ordinal);

        using var asked = await http.PostAsJsonAsync("/api/validate-tool-session", new { sessionToken = launched.GetProperty("sessionToken").GetString(), toolId = "app-builder" });
        Assert.True((await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("valid").GetBoolean());

        using var again = await LaunchAsync(http, "app-builder");
        Assert.True((await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("isReusedSession").GetBoolean());
    }

    [Theory, InlineData(null), InlineData("garbage"), InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")]
    public async Task Without_a_true_token_the_answer_is_401(string? token)
    {
        using var http = Site.Program(token);

        using var answer = await LaunchAsync(http, "app-builder");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var refusal = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("AUTHENTICATION_FAILED", refusal.GetProperty("code").GetString());
        Assert.Equal("Authentication required", refusal.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_tool_that_does_not_exist_is_400_and_costs_nothing()
    {
        var (http, email) = await NewcomerAsync();

        using var answer = await LaunchAsync(http, "no-such-tool");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("TOOL_NOT_FOUND", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(0, Assert.Single(await Site.SqlAsync(Guide.Credits.For(email)))["used_credits"]);
    }

    [Fact]
    public async Task A_hundred_requests_ten_at_a_time_are_fast_never_fail_and_beyond_the_rate_are_told_when_to_come_back()
    {
        var (http, email) = await NewcomerAsync();
        await LaunchAsync(http, "text-editor");
        var times = new List<TimeSpan>();
        var answers = new List<HttpResponseMessage>();
        using var tenAtATime = new SemaphoreSlim(10);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            await tenAtATime.WaitAsync();
            var watch = Stopwatch.StartNew();
            var answer = await LaunchAsync(http, "text-editor");
            lock (times)
            {
                times.Add(watch.Elapsed);
                answers.Add(answer);
            }
            tenAtATime.Release();
        }));

        Assert.DoesNotContain(answers, answer => (int)answer.StatusCode >= 500);
        Assert.True(times.Count(time => time < TimeSpan.FromMilliseconds(500)) >= 95, string.Join(' ', times.Order().Select(time => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture))));
        // Twenty a minute, of which one was used before.
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.OK), answer =>
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        });
        Assert.Equal(5, Assert.Single(await Site.SqlAsync(Guide.Credits.For(email)))["used_credits"]);
    }

    /// <summary>Somebody new, whose browser's session a program uses as its bearer token.</summary>
    private async Task<(HttpClient Http, string Email)> NewcomerAsync()
    {
        var visitor = await VisitAsync();
        var email = await visitor.SignUpAsync();
        var session = (await visitor.Page.Context.CookiesAsync()).Single(cookie => cookie.Name == "aurion");
        return (Site.Program(session.Value), email);
    }

    private static Task<HttpResponseMessage> LaunchAsync(HttpClient http, string tool, bool again = false) =>
        http.PostAsJsonAsync(new Uri(Access, UriKind.Relative), new { toolId = tool, newSession = again });
}
