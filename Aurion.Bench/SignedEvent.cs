using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Aurion.Bench;

/// <summary>A webhook delivery as Stripe would send it.</summary>
internal static class SignedEvent
{
    public static byte[] Delivery(BenchTarget target, string id, string type, string kind, string subject, string? customer)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            id,
            @object = "event",
            type,
            created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            livemode = false,
            data = new { @object = new { id = subject, @object = kind, customer } },
        });
        byte[] signed = [.. Encoding.ASCII.GetBytes(now + "."), .. body];
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(target.StripeWebhookSecret), signed));
        return HttpConnection.Request("POST", target.Web, "/api/stripe-webhook", body, ("Stripe-Signature", $"t={now},v1={signature}"));
    }
}
