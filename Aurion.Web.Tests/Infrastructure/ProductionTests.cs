using System.Net;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class ProductionTests(ProductionApp app) : IClassFixture<ProductionApp>
{
    [Fact]
    public async Task Every_answer_carries_the_headers_that_keep_strangers_out()
    {
        foreach (var address in new[] { "/", "/pricing", "/account/sign-in", "/nothing", "/api/nothing" })
        {
            var response = await app.Proxied().GetAsync(address);

            Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
            Assert.Equal("DENY", Header(response, "X-Frame-Options"));
            Assert.Equal("strict-origin-when-cross-origin", Header(response, "Referrer-Policy"));
            Assert.Equal("same-origin", Header(response, "Cross-Origin-Opener-Policy"));
            Assert.Equal("max-age=31536000; includeSubDomains", Header(response, "Strict-Transport-Security"));
            Assert.False(response.Headers.Contains("Server"));
            Assert.False(response.Headers.Contains("X-Powered-By"));
        }
    }

    [Fact]
    public async Task The_content_policy_allows_our_own_code_the_tools_frames_and_the_checkout_only()
    {
        var policy = Header(await app.Proxied().GetAsync("/"), "Content-Security-Policy")
            .Split("; ").ToDictionary(directive => directive.Split(' ')[0], directive => directive.Split(' ')[1..]);

        Assert.Equal(["'none'"], policy["default-src"]);
        foreach (var directive in new[] { "script-src", "style-src", "font-src", "connect-src" })
            Assert.Equal(["'self'"], policy[directive]);
        Assert.Equal(["'self'", "data:"], policy["img-src"]);
        Assert.Equal(["https://tools.aurion.example"], policy["frame-src"]);
        Assert.Equal(["'self'", "https://checkout.stripe.com", "https://billing.stripe.com", "https://invoice.stripe.com"], policy["form-action"]);
        foreach (var directive in new[] { "frame-ancestors", "base-uri", "object-src" })
            Assert.Equal(["'none'"], policy[directive]);
        Assert.DoesNotContain(policy.Values.SelectMany(sources => sources), source => source.Contains("unsafe") || source == "*");
    }

    [Fact]
    public async Task Plain_HTTP_is_sent_to_HTTPS()
    {
        var response = await app.Proxied(scheme: "http").GetAsync("/pricing?period=year");

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal("https://aurion.example/pricing?period=year", response.Headers.Location?.ToString());
    }

    [Fact]
    public async Task The_machines_own_health_check_needs_no_HTTPS()
    {
        Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().GetAsync("/health/live")).StatusCode);
    }

    [Theory]
    [InlineData("https, http")]
    [InlineData("https, https")]
    [InlineData("https")]
    public async Task HTTPS_that_ends_at_the_first_of_two_trusted_proxies_is_HTTPS(string schemes)
    {
        var response = await app.Proxied(scheme: schemes, client: "203.0.113.7, 127.0.0.5").GetAsync("/pricing");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Each_client_behind_two_trusted_proxies_has_a_limit_of_its_own_that_a_forged_header_does_not_lift()
    {
        for (var client = 0; client < 62; client++)
            Assert.Equal(HttpStatusCode.NotFound, (await app.Proxied(client: $"203.0.113.{client}, 127.0.0.5").GetAsync("/api/nothing")).StatusCode);

        for (var forged = 0; forged < 60; forged++)
            await app.Proxied(client: $"198.51.100.{forged}, 203.0.113.250, 127.0.0.5").GetAsync("/api/nothing");

        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Proxied(client: "192.0.2.1, 203.0.113.250, 127.0.0.5").GetAsync("/api/nothing")).StatusCode);
    }

    [Theory]
    [InlineData("10.244.1.7:8080")]
    [InlineData("172.31.20.11")]
    [InlineData("[fd00::7]:8080")]
    [InlineData("aurion-web-6c9f7b9d4-x2x8z")]
    public async Task Health_answers_whatever_the_Host_header_says_and_a_page_does_not(string host)
    {
        var probe = app.Anonymous();
        probe.Http.DefaultRequestHeaders.Host = host;

        Assert.Equal(HttpStatusCode.OK, (await probe.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await probe.GetAsync("/account/sign-in")).StatusCode);
    }

    [Fact]
    public async Task Another_host_name_is_refused()
    {
        var browser = app.Proxied();
        browser.Http.DefaultRequestHeaders.Host = "evil.example";

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Every_cookie_is_Secure_and_ours_alone()
    {
        var response = await app.Proxied().GetAsync("/account/sign-in");

        Assert.All(response.Headers.GetValues("Set-Cookie"), cookie =>
        {
            Assert.Contains("; secure", cookie);
            Assert.DoesNotContain("domain=", cookie);
            Assert.Contains("samesite=", cookie);
        });
        Assert.Contains(response.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("__Host-aurion-csrf=", StringComparison.Ordinal) && cookie.Contains("; httponly"));
    }

    [Theory]
    [InlineData("/api/validate-tool-session", "https://tools.aurion.example", true)]
    [InlineData("/api/validate-tool-session", "https://partner.example", false)]
    [InlineData("/api/validate-tool-session", "https://tools.aurion.example.evil.example", false)]
    [InlineData("/api/validate-tool-session", "null", false)]
    [InlineData("/api/validate-tool-access", "https://partner.example", true)]
    [InlineData("/api/validate-tool-access", "https://other.example", true)]
    [InlineData("/api/validate-tool-access", "http://partner.example", false)]
    [InlineData("/api/validate-tool-access", "https://tools.aurion.example", false)]
    [InlineData("/api/nothing", "https://evil.example", false)]
    public async Task Only_listed_origins_may_call_and_never_with_cookies(string address, string origin, bool allowed)
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, new Uri(address, UriKind.Relative));
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");

        var response = await app.Proxied().Http.SendAsync(preflight);

        Assert.Equal(allowed, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) && origins.Single() == origin);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Pages_are_for_no_origin_but_ours()
    {
        var browser = app.Proxied();
        browser.Http.DefaultRequestHeaders.Add("Origin", "https://partner.example");

        Assert.False((await browser.GetAsync("/")).Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_fault_shows_no_stack_trace()
    {
        var response = await app.Proxied().GetAsync("/account/sign-in?returnUrl=%00");

        Assert.True((int)response.StatusCode < 500);
        Assert.DoesNotContain("   at ", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Each_client_behind_a_trusted_proxy_has_its_own_limit()
    {
        for (var call = 0; call < 60; call++)
            await app.Proxied(client: "198.51.100.1").GetAsync("/api/nothing");

        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Proxied(client: "198.51.100.1").GetAsync("/api/nothing")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Proxied(client: "198.51.100.2").GetAsync("/api/nothing")).StatusCode);
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
