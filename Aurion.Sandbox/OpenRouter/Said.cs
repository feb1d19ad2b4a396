using System.Text.Json.Nodes;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>What a model answers: text, calls of the functions that it was offered, or both.</summary>
internal sealed record Said(string Text, params IReadOnlyList<Call> Calls)
{
    public string Finish => Calls.Count > 0 ? "tool_calls" : "stop";

    /// <summary>The message of an answer in one piece.</summary>
    public JsonObject Message()
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = Text.Length > 0 || Calls.Count == 0 ? Text : null, ["refusal"] = null, ["reasoning"] = null };
        if (Calls.Count > 0)
            message["tool_calls"] = new JsonArray([.. Calls.Select((call, index) => Described(call, index, call.Arguments))]);
        return message;
    }

    /// <summary>The same in pieces, as a stream brings it: a call's name comes once, its arguments little by little.</summary>
    public IEnumerable<JsonObject> Deltas()
    {
        foreach (var piece in Writer.Pieces(Text))
            yield return new JsonObject { ["role"] = "assistant", ["content"] = piece };
        for (var index = 0; index < Calls.Count; index++)
        {
            yield return Delta(Described(Calls[index], index, ""));
            foreach (var piece in Writer.Pieces(Calls[index].Arguments))
                yield return Delta(new JsonObject { ["index"] = index, ["type"] = "function", ["function"] = new JsonObject { ["arguments"] = piece } });
        }
    }

    private static JsonObject Delta(JsonObject call) => new() { ["role"] = "assistant", ["content"] = null, ["tool_calls"] = new JsonArray(call) };

    private static JsonObject Described(Call call, int index, string arguments) => new()
    {
        ["index"] = index,
        ["id"] = call.Id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = arguments },
    };
}

/// <summary>A call of a function; the arguments are JSON as text.</summary>
internal sealed record Call(string Id, string Name, string Arguments)
{
    public static Call Of(string name, JsonObject arguments) => new("call_" + System.Security.Cryptography.RandomNumberGenerator.GetHexString(24, lowercase: true), name, arguments.ToJsonString(Plain));

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
