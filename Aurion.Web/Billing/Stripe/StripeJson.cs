using System.Globalization;
using System.Text.Json;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Reading Stripe's JSON, in which an object may be given whole or by its id, and anything may be absent or null.</summary>
internal static class StripeJson
{
    /// <summary>The value at a path of names; undefined when a step is missing.</summary>
    public static JsonElement At(this JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
                return default;
        }
        return json;
    }

    public static string? Text(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.At(path) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static string Required(this JsonElement json, string name) =>
        json.Text(name) ?? throw new JsonException($"Stripe's answer lacks '{name}'.");

    /// <summary>The id of an object that is either expanded or given as its id.</summary>
    public static string? Id(this JsonElement json, params ReadOnlySpan<string> path) => json.At(path) switch
    {
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { ValueKind: JsonValueKind.Object } value => value.Text("id"),
        _ => null,
    };

    public static int Int(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.At(path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : 0;

    public static bool Flag(this JsonElement json, params ReadOnlySpan<string> path) => json.At(path).ValueKind == JsonValueKind.True;

    public static DateTimeOffset? Time(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.At(path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>The members of a list object, or of a plain array.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement json, params ReadOnlySpan<string> path)
    {
        var value = json.At(path);
        value = value.ValueKind == JsonValueKind.Object ? value.At("data") : value;
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
    }

    public static string Seconds(this DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
