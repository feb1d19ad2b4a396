using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aurion.E2E.Harness;
using Xunit.Abstractions;

namespace Aurion.E2E;

/// <summary>The guide's Test 5.</summary>
public sealed class StripeWebhookTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Fact]
    public async Task A_completed_checkout_reaches_the_webhook_and_is_processed()
    {
        var visitor = await VisitAsync();
        var email = await visitor.SignUpAsync();
        await visitor.OpenAsync("/pricing");
        await visitor.Button("Choose Starter").ClickAsync();
        await visitor.ReachStripeAsync();
        var session = new Uri(visitor.Page.Url).Segments[^1];

        // The page that one comes back to would look at the payment itself; for somebody who is not signed in it does not.
        await visitor.Page.Context.ClearCookiesAsync();
        await visitor.PayAsync(CardPage.Accepted);
        await visitor.ArriveAsync("/account/sign-in");

        await UntilAsync(async () => (string)(await Site.SqlAsync(Guide.PaidPlan.For(email)))[0]["plan_type"]! == "starter");
        await UntilAsync(async () => (await Site.SqlAsync($"SELECT state FROM stripe_events WHERE type = 'checkout.session.completed' AND object_id = '{session}'")).Any(row => row["state"] is "done"));
        // For the provider, an event is delivered once it was answered with 200.
        await UntilAsync(async () => (await DeliveredAsync("checkout.session.completed")).Any(sent =>
            sent.GetProperty("data").GetProperty("object").GetProperty("id").GetString() == session));
    }

    [Fact]
    public async Task A_forged_signature_is_refused_and_leaves_nothing()
    {
        var id = "evt_forged_" + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N");
        var answer = await SendAsync(id, "whsec_somebody_else", TimeProvider.System.GetUtcNow());

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await Site.SqlAsync($"SELECT 1 FROM stripe_events WHERE id = '{id}'"));
    }

    [Fact]
    public async Task An_old_event_and_one_without_signature_are_refused()
    {
        var secret = Site.State.StripeWebhookSecret;
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("evt_old", secret, TimeProvider.System.GetUtcNow().AddHours(-1))).StatusCode);

        using var http = Site.Program();
        using var unsigned = new StringContent("{}", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync(new Uri("/api/stripe-webhook", UriKind.Relative), unsigned)).StatusCode);
        Assert.Empty(await Site.SqlAsync("SELECT 1 FROM stripe_events WHERE id = 'evt_old'"));
    }

    [Fact]
    public async Task An_event_is_answered_within_three_seconds_and_stored_once_however_often_it_comes()
    {
        var id = "evt_twice_" + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(id, Site.State.StripeWebhookSecret, TimeProvider.System.GetUtcNow())).StatusCode);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"three answers took {watch.Elapsed}");
        Assert.Single(await Site.SqlAsync($"SELECT 1 FROM stripe_events WHERE id = '{id}'"));
    }

    private async Task<IEnumerable<JsonElement>> DeliveredAsync(string type)
    {
        using var stripe = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", Site.State.StripeSecretKey) } };
        var list = await stripe.GetFromJsonAsync<JsonElement>($"{Site.State.Stripe}/v1/events?limit=20&type={type}&delivery_success=true");
        return list.GetProperty("data").EnumerateArray();
    }

    // Signed as the provider documents it: HMAC-SHA256 over "timestamp.body".
    private async Task<HttpResponseMessage> SendAsync(string id, string secret, DateTimeOffset at)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var body = $$"""{"id":"{{id}}","object":"event","type":"customer.updated","created":{{time}},"livemode":false,"api_version":"2025-09-30.clover","data":{"object":{"id":"cus_nobody","object":"customer"} } }""";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}")));
        using var http = Site.Program();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/stripe-webhook", UriKind.Relative));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("Stripe-Signature", $"t={time},v1={signature}");
        return await http.SendAsync(request);
    }
}
