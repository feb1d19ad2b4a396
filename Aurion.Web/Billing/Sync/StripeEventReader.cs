using System.Text;
using System.Text.Json;
using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;

namespace Aurion.Web.Billing.Sync;

/// <summary>Takes from an event's JSON what the queue needs; null when it is no event.</summary>
internal static class StripeEventReader
{
    private const int LongestId = 255;

    public static StripeEvent? TryRead(ReadOnlyMemory<byte> body)
    {
        try
        {
            var payload = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body.Span);
            using var json = JsonDocument.Parse(payload);
            var root = json.RootElement;
            var subject = root.At("data", "object");
            if (!IsId(root.Text("id")) || !IsId(root.Text("type")) || subject.ValueKind != JsonValueKind.Object)
                return null;

            return new StripeEvent(
                root.Text("id")!, root.Text("type")!, Plain(root.Text("api_version")), root.Flag("livemode"), Plain(root.Text("account")),
                Plain(subject.Text("object")) ?? "", Plain(subject.Text("id")) ?? "", Plain(subject.Id("customer")),
                payload, root.Time("created") ?? DateTimeOffset.UnixEpoch);
        }
        catch (Exception fault) when (fault is JsonException or DecoderFallbackException or ArgumentOutOfRangeException or InvalidOperationException)
        {
            return null;
        }
    }

    // PostgreSQL cannot keep U+0000, and no id of Stripe's has anything but these.
    private static bool IsId(string? text) =>
        text is { Length: > 0 and <= LongestId } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static string? Plain(string? text) => IsId(text) ? text : null;
}
