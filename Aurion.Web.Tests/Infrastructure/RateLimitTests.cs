using System.Globalization;
using System.Net;
using System.Text.Json;
using Aurion.Web.Infrastructure.Security;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class RateLimitTests : IClassFixture<AurionApp>
{
    private readonly AurionApp app;

    public RateLimitTests(AurionApp app)
    {
        this.app = app;
        // Each test has minutes of its own, and time stands still within them.
        app.Clock.StopAt(app.Clock.GetUtcNow().AddMinutes(10));
    }

    [Fact]
    public async Task The_21st_launch_of_a_minute_is_429_and_says_how_long_to_wait()
    {
        var (busy, quiet) = (app.WithToken(await app.GivenUserAsync()), app.WithToken(await app.GivenUserAsync()));
        for (var call = 0; call < 20; call++)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await LaunchAsync(busy)).StatusCode);
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var refused = await LaunchAsync(busy);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("40", Assert.Single(refused.Headers.GetValues("Retry-After")));
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        Assert.Equal("RATE_LIMITED", problem.RootElement.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await LaunchAsync(quiet)).StatusCode);

        app.Clock.Advance(TimeSpan.FromSeconds(39));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await LaunchAsync(busy)).StatusCode);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.BadRequest, (await LaunchAsync(busy)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await LaunchAsync(busy)).StatusCode);
    }

    [Fact]
    public async Task A_hundred_calls_ten_at_a_time_let_exactly_twenty_through_and_fail_none()
    {
        var user = await app.GivenUserAsync();

        var answers = new List<HttpStatusCode>();
        for (var round = 0; round < 10; round++)
            answers.AddRange((await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => LaunchAsync(app.WithToken(user))))).Select(answer => answer.StatusCode));

        Assert.Equal(20, answers.Count(status => status == HttpStatusCode.BadRequest));
        Assert.Equal(80, answers.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Any_other_call_of_the_API_is_let_through_60_times_per_address_whatever_headers_are_forged()
    {
        for (var call = 0; call < 60; call++)
            Assert.Equal(HttpStatusCode.NotFound, (await ForgedAsync(call)).StatusCode);

        var refused = await ForgedAsync(61);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("60", Assert.Single(refused.Headers.GetValues("Retry-After")));

        Task<HttpResponseMessage> ForgedAsync(int call)
        {
            var client = app.Anonymous();
            var address = string.Create(CultureInfo.InvariantCulture, $"10.0.0.{call}");
            foreach (var header in new[] { "X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP" })
                client.Http.DefaultRequestHeaders.Add(header, address);
            client.Http.DefaultRequestHeaders.Add("Forwarded", "for=" + address);
            return client.GetAsync("/api/nothing");
        }
    }

    [Fact]
    public async Task A_reader_of_pages_has_a_limit_of_its_own_and_is_told_in_HTML()
    {
        var reader = app.SignedInAs(await app.GivenUserAsync());
        for (var call = 0; call < 300; call++)
            Assert.Equal(HttpStatusCode.NotFound, (await reader.GetAsync("/nothing")).StatusCode);

        var refused = await reader.GetAsync("/nothing");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("60", Assert.Single(refused.Headers.GetValues("Retry-After")));
        Assert.NotEmpty((await refused.ReadHtmlAsync()).QuerySelectorAll("h1"));
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/favicon.svg")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await reader.GetAsync("/api/validate-tool-access")).StatusCode);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    public void An_IPv6_household_counts_as_one_address(string address, string network)
    {
        Assert.Equal(network, RateLimits.Network(IPAddress.Parse(address)));
    }

    private static Task<HttpResponseMessage> LaunchAsync(TestClient client) => client.PostJsonAsync("/api/validate-tool-access", new { toolId = "no-such-tool" });
}
