using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Writes and signs events as Stripe does, on its own, so that a mistake in our check cannot cancel itself out.</summary>
public static class SignedEvents
{
    public const string Secret = "whsec_sandbox_tests";

    public static string Body(string id, string type = "customer.updated", string objectKind = "customer", string objectId = "cus_1", bool livemode = false, string extra = "") =>
        $$"""{"id":"{{id}}","object":"event","type":"{{type}}","created":1767225600,"livemode":{{(livemode ? "true" : "false")}}{{extra}},"data":{"object":{"id":"{{objectId}}","object":"{{objectKind}}","customer":"cus_1"} } }""";

    public static string Signature(string body, string timestamp, string secret = Secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}.{body}")));

    public static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    public static Task<HttpResponseMessage> SendAsync(AurionApp app, string body, string? header) =>
        SendAsync(app, Encoding.UTF8.GetBytes(body), header);

    public static async Task<HttpResponseMessage> SendAsync(AurionApp app, byte[] body, string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/stripe-webhook", UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        if (header is not null)
            request.Headers.TryAddWithoutValidation("Stripe-Signature", header);
        return await app.Anonymous().Http.SendAsync(request);
    }

    /// <summary>Signed now, with the right secret.</summary>
    public static Task<HttpResponseMessage> SendSignedAsync(AurionApp app, string body)
    {
        var now = Seconds(app.Clock.GetUtcNow());
        return SendAsync(app, body, $"t={now},v1={Signature(body, now)}");
    }

    public static Task<int> CountAsync(AurionApp app, string id) =>
        app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE id = @id", new { id });
}
