using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aurion.Web.Tests.Infrastructure;
using static Aurion.Web.Tests.Billing.SignedEvents;

namespace Aurion.Web.Tests.Billing;

public sealed class StripeWebhookTests(StripeWebhookTests.App app) : IClassFixture<StripeWebhookTests.App>
{
    private const string OldSecret = "whsec_sandbox_before";
    private static int ids;
    private readonly string id = $"evt_{Interlocked.Increment(ref ids)}";
    private readonly DateTimeOffset now = app.Clock.GetUtcNow();

    private string Body => SignedEvents.Body(id);
    private string Now => Seconds(now);
    private string Good => Signature(Body, Now);

    [Fact]
    public Task A_right_signature_is_accepted() => ExpectAsync(HttpStatusCode.OK, $"t={Now},v1={Good}");

    [Fact]
    public Task Any_of_several_signatures_may_be_the_right_one() => ExpectAsync(HttpStatusCode.OK, $"t={Now},v1={new string('0', 64)},v1={Good}");

    [Fact]
    public Task Schemes_we_do_not_know_are_passed_over() => ExpectAsync(HttpStatusCode.OK, $"t={Now},v0=abc,v1={Good}");

    [Fact]
    public Task While_secrets_rotate_both_are_good() => ExpectAsync(HttpStatusCode.OK, $"t={Now},v1={Signature(Body, Now, OldSecret)}");

    [Theory]
    [InlineData(-299, true)]
    [InlineData(-301, false)]
    [InlineData(299, true)]
    [InlineData(301, false)]
    [InlineData(3600, false)]
    public Task Five_minutes_either_way_are_allowed(int seconds, bool good)
    {
        var time = Seconds(now.AddSeconds(seconds));
        return ExpectAsync(good ? HttpStatusCode.OK : HttpStatusCode.BadRequest, $"t={time},v1={Signature(Body, time)}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("t=,v1=")]
    [InlineData("v1={good}")]
    [InlineData("t={now}")]
    [InlineData("t={now},v0={good}")]
    [InlineData("t={now},v1={wrong secret}")]
    [InlineData("t={now},v1=abc")]
    [InlineData("t={now},v1={good}00")]
    [InlineData("t={now},v1=zz")]
    [InlineData("rubbish")]
    public Task Any_other_header_is_refused(string header) => ExpectAsync(HttpStatusCode.BadRequest, header
        .Replace("{now}", Now, StringComparison.Ordinal)
        .Replace("{good}", Good, StringComparison.Ordinal)
        .Replace("{wrong secret}", Signature(Body, Now, "whsec_wrong"), StringComparison.Ordinal));

    // Signed with the right secret over exactly this time, so that nothing but the time is wrong with it.
    [Theory]
    [InlineData("noon")]
    [InlineData("-1")]
    [InlineData("1e9")]
    [InlineData(" 1767225600")]
    [InlineData("99999999999999")]
    [InlineData("99999999999999999999999999")]
    [InlineData("9223372036854775807")]
    public Task A_time_that_is_none_is_refused(string time) => ExpectAsync(HttpStatusCode.BadRequest, $"t={time},v1={Signature(Body, time)}");

    [Fact]
    public Task A_header_of_eight_kilobytes_is_refused() =>
        ExpectAsync(HttpStatusCode.BadRequest, $"t={Now},v1={Good}," + string.Join(',', Enumerable.Repeat("v1=" + new string('0', 64), 120)));

    [Fact]
    public async Task A_changed_byte_is_refused()
    {
        var response = await SendAsync(app, Body.Replace("customer.updated", "customer.updatef", StringComparison.Ordinal), $"t={Now},v1={Good}");
        await ExpectAsync(response, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"id":5,"type":"a","data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_nul\u0000","type":"a","data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_x","type":"a","data":{"object":"text"}}""")]
    [InlineData("""{"id":"evt_x","type":"a"}""")]
    public async Task A_signed_body_that_is_no_event_is_refused_and_leaves_nothing(string body)
    {
        var before = await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events");

        var response = await SendSignedAsync(app, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(before, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events"));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes("""{"id":"evt_bytes","x":"""), 0xff, 0xfe];
        byte[] signed = [.. Encoding.UTF8.GetBytes(Now + "."), .. body];
        var response = await SendAsync(app, body, $"t={Now},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed))}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Text_that_PostgreSQL_cannot_keep_is_kept_as_it_came()
    {
        var body = SignedEvents.Body(id, extra: ""","note":"a\u0000b" """);
        Assert.Equal(HttpStatusCode.OK, (await SendSignedAsync(app, body)).StatusCode);
        Assert.Equal(body, await app.ScalarAsync<string>("SELECT payload::text FROM stripe_events WHERE id = @id", new { id }));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        var response = await SendSignedAsync(app, SignedEvents.Body(id, extra: $""","pad":"{new string('x', 600_000)}" """));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(0, await CountAsync(app, id));
    }

    [Fact]
    public async Task The_same_event_a_thousand_times_at_once_is_one_row()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => SendSignedAsync(app, Body)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(1, await CountAsync(app, id));
    }

    [Theory]
    [InlineData("customer.updated", "customer", false, "")]
    [InlineData("invoice.paid", "invoice", true, "")]
    [InlineData("invoice.paid", "invoice", false, ""","account":"acct_other" """)]
    public async Task What_is_not_ours_is_ignored_with_its_reason(string type, string kind, bool livemode, string extra)
    {
        await SendSignedAsync(app, SignedEvents.Body(id, type, kind, "in_foreign", livemode, extra));

        await Eventually.HoldsAsync(async () => await app.ScalarAsync<string>("SELECT state FROM stripe_events WHERE id = @id", new { id }) == "ignored", "the event is ignored");
        Assert.NotNull(await app.ScalarAsync<string>("SELECT reason FROM stripe_events WHERE id = @id", new { id }));
    }

    private async Task ExpectAsync(HttpStatusCode expected, string header) => await ExpectAsync(await SendAsync(app, Body, header), expected);

    private async Task ExpectAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? 1 : 0, await CountAsync(app, id));
        if (expected == HttpStatusCode.BadRequest)
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    public sealed class App : AurionApp
    {
        protected override IDictionary<string, string> Settings =>
            new Dictionary<string, string>(base.Settings, StringComparer.Ordinal) { ["STRIPE_WEBHOOK_SECRET"] = $"{OldSecret},{Secret}" };
    }
}

public sealed class StripeWebhookWithoutSecretTests(StripeWebhookWithoutSecretTests.App app) : IClassFixture<StripeWebhookWithoutSecretTests.App>
{
    [Fact]
    public async Task Without_a_secret_nothing_is_believed()
    {
        var response = await SendSignedAsync(app, SignedEvents.Body("evt_unconfigured"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(0, await CountAsync(app, "evt_unconfigured"));
    }

    public sealed class App : AurionApp
    {
        protected override IDictionary<string, string> Settings =>
            new Dictionary<string, string>(base.Settings, StringComparer.Ordinal) { ["STRIPE_WEBHOOK_SECRET"] = "" };
    }
}
