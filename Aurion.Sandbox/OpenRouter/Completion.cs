using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>One call of chat/completions, in one piece or as a stream.</summary>
internal sealed class Completion(HttpContext context, World world)
{
    private const int LongestBody = 4 * 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    private readonly CancellationToken gone = context.RequestAborted;
    private readonly long started = Stopwatch.GetTimestamp();
    private string id = "";
    private string user = "";
    private Model model = null!;
    private bool streamed;
    private int promptTokens;
    private int produced;

    public async Task RunAsync()
    {
        if (await ReadAsync() is not { } request)
            return;
        if (Refuse(request, out var asked, out var prompt) is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }
        id = $"gen-{world.Clock.GetUtcNow().ToUnixTimeSeconds()}-{Guid.CreateVersion7(world.Clock.GetUtcNow()):N}";
        streamed = (bool?)request["stream"] == true;
        user = Text(request["user"]);
        promptTokens = Writer.Pieces(prompt).Count() + PictureParts.Tokens(request["messages"]!.AsArray());
        var trouble = Trouble.In(asked);
        if (trouble.Is("silence"))
            await Task.Delay(Timeout.Infinite, gone).ContinueWith(_ => { }, TaskScheduler.Default);
        else
            await AnswerAsync(request, asked, trouble);
    }

    private async Task AnswerAsync(JsonObject request, string asked, Trouble trouble)
    {
        context.Response.Headers["X-Generation-Id"] = id;
        var messages = request["messages"]!.AsArray();
        var said = trouble.Is("blank") || trouble.Is("filter") ? new Said("")
            : Agent.Answer(SystemOf(messages), UserOf(messages), messages, Functions.In(request), trouble) ?? Offered(request, asked) ?? new Said(Writer.Answer(asked, SystemOf(messages), trouble.What, UserOf(messages)));
        List<JsonObject> pieces = [.. said.Deltas()];
        var longest = (int?)request["max_tokens"] ?? (int?)request["max_completion_tokens"] ?? model.LongestAnswer;
        var finish = trouble.Is("filter") ? "content_filter" : pieces.Count > longest || trouble.Is("half") ? "length" : said.Finish;
        pieces = [.. pieces.Take(longest)];
        try
        {
            if (trouble.Is("garbage"))
                await GarbageAsync();
            else if (streamed)
                await StreamAsync(pieces, finish, trouble);
            else
                await WholeAsync(finish == "length" ? new Said(string.Concat(pieces.Select(piece => (string?)piece["content"]))) : said, pieces.Count, finish, trouble);
        }
        catch (OperationCanceledException)
        {
            // The caller has gone: what was produced until then is paid, and no usage tells of it.
            Close("cancelled", cancelled: true, model.Cost(promptTokens, produced));
        }
    }

    private async Task WholeAsync(Said said, int tokens, string finish, Trouble trouble)
    {
        if (trouble.Is("slow"))
            await Task.Delay(TimeSpan.FromSeconds(5), gone);
        produced = tokens;
        var body = Body("chat.completion", new JsonObject
        {
            ["logprobs"] = null,
            ["finish_reason"] = finish,
            ["native_finish_reason"] = finish,
            ["index"] = 0,
            ["message"] = said.Message(),
        });
        body["usage"] = Close(finish, cancelled: false, model.Cost(promptTokens, produced));
        await context.Response.WriteAsJsonAsync(body, gone);
    }

    private async Task StreamAsync(List<JsonObject> pieces, string finish, Trouble trouble)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        // Comments keep the connection alive while a provider is thinking; a reader has to pass over them.
        await WriteAsync(": OPENROUTER PROCESSING");
        for (; produced < pieces.Count; produced++)
        {
            if (await BreaksAsync(trouble))
                return;
            await WriteAsync(Chunk(pieces[produced], null));
            await Task.Delay(trouble.Is("slow") ? Pause * 40 : Pause, gone);
            if (produced % 40 == 39)
                await WriteAsync(": OPENROUTER PROCESSING");
        }
        if (await BreaksAsync(trouble, atEnd: true))
            return;
        await WriteAsync(Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "" }, finish));
        var last = Body("chat.completion.chunk");
        last["usage"] = Close(finish, cancelled: false, model.Cost(promptTokens, produced));
        if (!trouble.Is("nousage"))
            await WriteAsync("data: " + last.ToJsonString());
        await WriteAsync("data: [DONE]");
    }

    // The faults that come after the status was 200.
    private async Task<bool> BreaksAsync(Trouble trouble, bool atEnd = false)
    {
        bool Now(string what) => trouble.After(what) is { } n && (n == produced || (atEnd && n > produced));
        if (Now("after"))
        {
            var body = Body("chat.completion.chunk", new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["content"] = "" }, ["finish_reason"] = "error" });
            body["error"] = new ApiError(502, "Provider disconnected unexpectedly", "provider_error", Retryable: true).Body("server_error");
            await WriteAsync("data: " + body.ToJsonString());
            Close("error", cancelled: false, cost: 0);
            return true;
        }
        if (Now("hang"))
            await Task.Delay(Timeout.Infinite, gone);
        if (Now("cut"))
        {
            Close("error", cancelled: false, cost: 0);
            context.Abort();
            return true;
        }
        if (Now("end"))
            Close("error", cancelled: false, cost: 0);
        return Now("end");
    }

    private async Task GarbageAsync()
    {
        context.Response.ContentType = streamed ? "text/event-stream" : "application/json";
        Close("error", cancelled: false, cost: 0);
        await context.Response.WriteAsync(streamed ? "data: {\"choices\":[{\"delta\":{\"content\":\n\ndata: <html>502 Bad Gateway</html>\n\n" : "<html>502 Bad Gateway</html>", gone);
    }

    private string Chunk(JsonObject delta, string? finish) => "data: " + Body("chat.completion.chunk", new JsonObject
    {
        ["index"] = 0,
        ["delta"] = delta,
        ["finish_reason"] = finish,
        ["native_finish_reason"] = finish,
        ["logprobs"] = null,
    }).ToJsonString();

    private JsonObject Body(string kind, params JsonNode[] choices) => new()
    {
        ["id"] = id,
        ["provider"] = "Sandbox",
        ["model"] = model.Id,
        ["object"] = kind,
        ["created"] = world.Clock.GetUtcNow().ToUnixTimeSeconds(),
        ["choices"] = new JsonArray(choices),
    };

    // Takes the cost and writes the record that /generation shows; returns the usage of the last message.
    private JsonObject Close(string finish, bool cancelled, decimal cost)
    {
        world.Account.Spend(cost);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        world.Generations.Keep(id, new JsonObject
        {
            ["id"] = id,
            ["upstream_id"] = "sandbox-" + id,
            ["model"] = model.Id,
            ["provider_name"] = "Sandbox",
            ["streamed"] = streamed,
            ["cancelled"] = cancelled,
            ["created_at"] = world.Clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
            ["total_cost"] = cost,
            ["usage"] = cost,
            ["tokens_prompt"] = promptTokens,
            ["tokens_completion"] = produced,
            ["native_tokens_prompt"] = promptTokens,
            ["native_tokens_completion"] = produced,
            ["native_tokens_reasoning"] = 0,
            ["native_tokens_cached"] = 0,
            ["finish_reason"] = cancelled ? null : finish,
            ["native_finish_reason"] = cancelled ? null : finish,
            ["latency"] = (int)elapsed,
            ["generation_time"] = (int)elapsed,
            ["external_user"] = user,
            ["is_byok"] = false,
            ["api_type"] = "completions",
        });
        return new JsonObject
        {
            ["prompt_tokens"] = promptTokens,
            ["completion_tokens"] = produced,
            ["total_tokens"] = promptTokens + produced,
            ["cost"] = cost,
            ["is_byok"] = false,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 0, ["audio_tokens"] = 0 },
            ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
            ["cost_details"] = new JsonObject { ["upstream_inference_cost"] = null },
        };
    }

    private async Task WriteAsync(string line)
    {
        await context.Response.WriteAsync(line + "\n\n", gone);
        await context.Response.Body.FlushAsync(gone);
    }

    // What is wrong with the request, or what it asks to be refused with.
    private ApiError? Refuse(JsonObject request, out string asked, out string prompt)
    {
        (asked, prompt) = ("", "");
        if (request["messages"] is not JsonArray { Count: > 0 } messages)
            return new ApiError(400, "Input required: specify \"prompt\" or \"messages\"", "invalid_request");
        if (messages.Any(message => message is not JsonObject || (string?)message["role"] is not ("system" or "developer" or "user" or "assistant" or "tool")))
            return new ApiError(400, "messages: each one needs a role of system, developer, user, assistant or tool", "invalid_prompt");
        if (Functions.Fault(request, messages) is { } fault)
            return fault;
        prompt = string.Join('\n', messages.Select(message => Text(message?["content"]) + message?["tool_calls"]?.ToJsonString())) + request["tools"]?.ToJsonString();
        asked = Agent.WishIn(SystemOf(messages), UserOf(messages)) ?? Text(messages.Last(message => (string?)message!["role"] != "system")?["content"]);
        var names = request["models"] is JsonArray { Count: > 0 } several ? several.Select(name => (string?)name) : [(string?)request["model"]];
        if (names.Select(world.Models.Find).FirstOrDefault(found => found is not null) is not { } known)
            return new ApiError(400, $"{request["model"]} is not a valid model ID", "invalid_request");
        model = known;
        if (PictureParts.Refuse(messages, model) is { } blind)
            return blind;
        if (Writer.Pieces(prompt).Count() + ((int?)request["max_tokens"] ?? 0) > model.ContextLength)
            return new ApiError(400, $"This endpoint's maximum context length is {model.ContextLength} tokens.", "context_length_exceeded");
        if (request["provider"]?["max_price"] is JsonObject most && (Above(most["prompt"], model.PromptPrice) || Above(most["completion"], model.CompletionPrice)))
            return new ApiError(503, "No endpoints found that meet your max_price.", "no_provider_available");
        var trouble = Trouble.In(asked);
        if (trouble.Is("once") && world.IsFirst(asked) && new Trouble("refuse", trouble.Number).Refusal is { } first)
            return first;
        if (!trouble.Is("once") && trouble.Refusal is { } refusal)
            return refusal;
        return world.Account.Remaining <= 0 ? Trouble.Dry("openrouter_credits", "Insufficient credits. Add more using https://openrouter.ai/settings/credits") : null;
    }

    // A function whose first argument the last message gives by a name: "weather: Lyon" for get_weather. Its result ends in the answer.
    private static Said? Offered(JsonObject request, string asked)
    {
        if ((string?)request["messages"]!.AsArray()[^1]!["role"] == "tool")
            return new Said(asked);
        foreach (var name in Functions.In(request))
            if (asked.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && name.EndsWith(asked[..colon].Trim(), StringComparison.OrdinalIgnoreCase)
                && request["tools"]!.AsArray().First(tool => (string?)tool!["function"]!["name"] == name)!["function"]!["parameters"]?["properties"] is JsonObject { Count: > 0 } properties)
                return new Said("", Call.Of(name, new JsonObject { [properties.First().Key] = asked[(colon + 1)..].Trim() }));
        return null;
    }

    // max_price is in dollars for a million tokens.
    private static bool Above(JsonNode? most, decimal price) =>
        most is not null && decimal.TryParse(most.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var limit) && price * 1_000_000m > limit;

    private async Task<JsonObject?> ReadAsync()
    {
        if (context.Request.ContentLength > LongestBody)
        {
            await new ApiError(413, "Request body too large", "payload_too_large").WriteAsync(context);
            return null;
        }
        try
        {
            using var reader = new StreamReader(context.Request.Body);
            var text = await reader.ReadToEndAsync(gone);
            world.Note(text);
            if (JsonNode.Parse(text) is JsonObject request)
                return request;
        }
        catch (JsonException)
        {
        }
        await new ApiError(400, "Invalid JSON in request body", "invalid_request").WriteAsync(context);
        return null;
    }

    private static string SystemOf(JsonArray messages) =>
        string.Join('\n', messages.Where(message => (string?)message!["role"] is "system" or "developer").Select(message => Text(message!["content"])));

    private static string UserOf(JsonArray messages) =>
        string.Join('\n', messages.Where(message => (string?)message!["role"] == "user").Select(message => Text(message!["content"])));

    // Content is text, or a list of parts of which some are text.
    private static string Text(JsonNode? content) => content switch
    {
        JsonValue value => value.ToString(),
        JsonArray parts => string.Join('\n', parts.Select(part => (string?)part?["text"])),
        _ => "",
    };
}
