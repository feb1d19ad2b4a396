using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>Short words for reading and writing Stripe's JSON objects. Members that start with "_" are private to the stand-in.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private const int EmbeddedElements = 10;
    public static readonly JsonSerializerOptions Indented = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    public static string Id(this JsonObject o) => (string)o["id"]!;

    public static string? Str(this JsonObject? o, string name) => o?[name] is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;

    public static long Long(this JsonObject o, string name) => o.LongOrNull(name) ?? 0;

    public static long? LongOrNull(this JsonObject? o, string name) => o?[name] is JsonValue v ? ToLong(v) : null;

    public static bool Bool(this JsonObject? o, string name) => o?[name] is JsonValue v && v.TryGetValue<bool>(out var flag) && flag;

    public static JsonObject? Obj(this JsonObject? o, string name) => o?[name] as JsonObject;

    public static JsonArray Arr(this JsonObject? o, string name) => o?[name] as JsonArray ?? [];

    /// <summary>The elements of an embedded list (<c>items.data</c>, <c>lines.data</c>).</summary>
    public static IEnumerable<JsonObject> Data(this JsonObject? o, string name) => (o.Obj(name)?["data"] as JsonArray ?? []).OfType<JsonObject>();

    public static JsonObject Clone(this JsonObject o) => (JsonObject)o.DeepClone();

    /// <summary>An answer in which every embedded list is cut; an answer that is itself a list keeps its page.</summary>
    public static JsonObject FirstTen(JsonObject answer)
    {
        if (answer.Str("object") != "list")
            return (JsonObject)Cut(answer)!;
        answer["data"] = new JsonArray([.. answer.Arr("data").Select(Cut)]);
        return answer;
    }

    /// <summary>A copy in which every embedded list ends after its first ten elements, as Stripe's do; the rest is read by the list's own address.</summary>
    private static JsonNode? Cut(JsonNode? node) => node switch
    {
        JsonObject o when o.Str("object") == "list" && o["data"] is JsonArray { Count: > EmbeddedElements } data => new JsonObject(o.Select(m => KeyValuePair.Create(m.Key, m.Key switch
        {
            "data" => new JsonArray([.. data.Take(EmbeddedElements).Select(Cut)]),
            "has_more" => true,
            _ => m.Value?.DeepClone(),
        }))),
        JsonObject o => new JsonObject(o.Select(m => KeyValuePair.Create(m.Key, Cut(m.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Cut)]),
        _ => node?.DeepClone(),
    };

    public static JsonObject List(string url, IEnumerable<JsonObject> data, bool hasMore = false) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. data.Select(d => d.Parent is null ? d : d.DeepClone())]),
        ["has_more"] = hasMore,
        ["url"] = url,
    };

    public static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)v)]);

    /// <summary>A copy without the members that are private to the stand-in.</summary>
    public static JsonNode? Public(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Where(m => !m.Key.StartsWith('_')).Select(m => KeyValuePair.Create(m.Key, Public(m.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Public)]),
        _ => node?.DeepClone(),
    };

    public static string Text(this JsonNode node) => node.ToJsonString(Compact);

    private static long? ToLong(JsonValue value) =>
        value.TryGetValue<long>(out var number) ? number
        : value.TryGetValue<int>(out var small) ? small
        : value.TryGetValue<decimal>(out var fraction) ? (long)fraction : null;
}
