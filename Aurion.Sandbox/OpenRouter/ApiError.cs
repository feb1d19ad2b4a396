using System.Text.Json.Nodes;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>An error in OpenRouter's shape (https://openrouter.ai/docs/api/errors): the HTTP status is repeated as the code.</summary>
internal sealed record ApiError(int Status, string Message, string Type, JsonObject? Metadata = null, int? RetryAfter = null, bool Retryable = false)
{
    public Task WriteAsync(HttpContext context)
    {
        if (RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        context.Response.StatusCode = Status;
        return context.Response.WriteAsJsonAsync(new JsonObject { ["error"] = Body(Status), ["user_id"] = "user_sandbox" });
    }

    /// <summary>The same object as an event of a stream carries it, where the code may also be a word.</summary>
    public JsonObject Body(JsonNode code)
    {
        var metadata = Metadata?.DeepClone().AsObject() ?? [];
        metadata["error_type"] = Type;
        var availability = new JsonObject { ["code"] = Type, ["retryable"] = Retryable };
        if (RetryAfter is { } seconds)
            availability["retry_after"] = seconds;
        return new JsonObject { ["code"] = code, ["message"] = Message, ["metadata"] = metadata, ["availability"] = availability };
    }
}
