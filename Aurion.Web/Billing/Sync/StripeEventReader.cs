using System.Text.Json;
using Aurion.Data.Billing;

namespace Aurion.Web.Billing.Sync;

/// <summary>Takes from an event's JSON what the queue needs; null when it is no event. Stripe.net would read all of the object, which nobody looks at.</summary>
internal static class StripeEventReader
{
    private const int LongestId = 255;

    public static StripeEvent? TryRead(string payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            var root = json.RootElement;
            var subject = Member(Member(root, "data"), "object");
            if (Id(root, "id") is not { } id || Id(root, "type") is not { } type || subject.ValueKind != JsonValueKind.Object)
                return null;

            return new StripeEvent(
                id, type, Id(root, "api_version"), Member(root, "livemode").ValueKind == JsonValueKind.True, Id(root, "account"),
                Id(subject, "object") ?? "", Id(subject, "id") ?? "", Id(subject, "customer"), payload, Time(Member(root, "created")));
        }
        catch (Exception fault) when (fault is JsonException or ArgumentOutOfRangeException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;

    /// <summary>An id, also of an object that is given whole. PostgreSQL cannot keep U+0000, and no id of Stripe's has anything but these.</summary>
    private static string? Id(JsonElement json, string name)
    {
        var value = Member(json, name);
        value = value.ValueKind == JsonValueKind.Object ? Member(value, "id") : value;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= LongestId } text
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') ? text : null;
    }

    private static DateTimeOffset Time(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.UnixEpoch;
}
