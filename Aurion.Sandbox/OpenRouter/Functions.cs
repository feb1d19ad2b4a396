using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>The rules of calling functions (https://openrouter.ai/docs/features/tool-calling): what a request may offer, and which results it may bring.</summary>
internal static partial class Functions
{
    /// <summary>The names that are on offer.</summary>
    public static IReadOnlyList<string> In(JsonObject request) =>
        (string?)(request["tool_choice"] as JsonValue) == "none" ? [] : [.. (request["tools"] as JsonArray ?? []).Select(tool => (string)tool!["function"]!["name"]!)];

    /// <summary>What is wrong with them, or null.</summary>
    public static ApiError? Fault(JsonObject request, JsonArray messages)
    {
        if (request["tools"] is { } tools && (tools is not JsonArray list || list.Any(tool => !IsFunction(tool))))
            return Invalid("tools: each one is {type: \"function\", function: {name, description, parameters}}");
        if (request["tool_choice"] is { } choice && choice is not JsonObject && (string?)choice is not ("auto" or "none" or "required"))
            return Invalid("tool_choice: auto, none, required, or a function");
        var open = new List<string>();
        foreach (var message in messages.OfType<JsonObject>())
        {
            if ((string?)message["role"] == "tool")
            {
                if ((string?)message["tool_call_id"] is not { } id || !open.Remove(id))
                    return Invalid("messages with role 'tool' must be a response to a preceding message with 'tool_calls'");
                continue;
            }
            if (open.Count > 0)
                return Invalid($"An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. Missing: {open[0]}");
            foreach (var call in message["tool_calls"] as JsonArray ?? [])
            {
                if ((string?)call?["type"] != "function" || (string?)call["id"] is not { Length: > 0 } id || (string?)call["function"]?["name"] is null || (string?)call["function"]?["arguments"] is null)
                    return Invalid("tool_calls: each one is {id, type: \"function\", function: {name, arguments}}");
                open.Add(id);
            }
            if (message["content"] is null && message["tool_calls"] is not JsonArray { Count: > 0 })
                return Invalid("messages: content is missing");
        }
        return open.Count > 0 ? Invalid($"'tool_call_id' without a response: {open[0]}") : null;
    }

    private static bool IsFunction(JsonNode? tool) =>
        (string?)tool?["type"] == "function" && tool["function"] is JsonObject function
        && function["name"] is JsonValue name && Name().IsMatch(name.ToString())
        && function["parameters"] is null or JsonObject;

    private static ApiError Invalid(string message) => new(400, message, "invalid_request");

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
