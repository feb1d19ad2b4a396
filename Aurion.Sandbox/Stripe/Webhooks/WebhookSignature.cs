using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aurion.Sandbox.Stripe.Webhooks;

/// <summary>The <c>Stripe-Signature</c> header: HMAC-SHA256 over "time.body", once for each secret (during a rotation there are two).</summary>
internal static class WebhookSignature
{
    public static string Header(string secrets, long time, string body)
    {
        var header = new StringBuilder("t=").Append(time.ToString(CultureInfo.InvariantCulture));
        foreach (var secret in secrets.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            header.Append(",v1=").Append(Sign(secret, time, body));
        return header.Append(",v0=").Append(Sign("v0", time, body)).ToString();
    }

    private static string Sign(string secret, long time, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time.ToString(CultureInfo.InvariantCulture)}.{body}")));
}
