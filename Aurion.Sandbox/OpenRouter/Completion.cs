using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>One call of chat/completions, in one piece or as a stream.</summary>
internal sealed class Completion(HttpContext context, TimeProvider clock, Account account)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    private readonly CancellationToken gone = context.RequestAborted;
    private string id = "";
    private Model model = null!;

    public async Task RunAsync()
    {
        var request = await ReadAsync();
        if (request?["messages"] is not JsonArray { Count: > 0 } messages)
        {
            await Answers.Error(400, "Input required: specify \"prompt\" or \"messages\"").ExecuteAsync(context);
            return;
        }
        if (Models.Find((string?)request["model"]) is not { } known)
        {
            await Answers.Error(400, $"{request["model"]} is not a valid model ID").ExecuteAsync(context);
            return;
        }
        model = known;
        id = $"gen-{clock.GetUtcNow().ToUnixTimeSeconds()}-{Guid.CreateVersion7(clock.GetUtcNow()):N}";
        var prompt = string.Join('\n', messages.Select(message => Text(message?["content"])));
        var trouble = Trouble.In(prompt);
        if (trouble.Silent)
            await Task.Delay(Timeout.Infinite, gone).ContinueWith(_ => { }, TaskScheduler.Default);
        else if (trouble.Status > 0)
            await trouble.Refuse(context).ExecuteAsync(context);
        else
            await AnswerAsync(request, prompt, Text(messages[^1]?["content"]), trouble);
    }

    private async Task AnswerAsync(JsonNode request, string prompt, string lastMessage, Trouble trouble)
    {
        var pieces = Writer.Pieces(Writer.Answer(lastMessage)).ToList();
        var longest = (int?)request["max_tokens"] ?? (int?)request["max_completion_tokens"] ?? int.MaxValue;
        var finish = pieces.Count > longest ? "length" : "stop";
        pieces = [.. pieces.Take(longest)];
        var usage = Usage(Writer.Pieces(prompt).Count(), pieces.Count);
        if ((bool?)request["stream"] == true)
            await StreamAsync(pieces, finish, usage, trouble);
        else
            await WholeAsync(string.Concat(pieces), finish, usage, trouble);
    }

    private async Task WholeAsync(string text, string finish, JsonObject usage, Trouble trouble)
    {
        if (trouble.Slow)
            await Task.Delay(TimeSpan.FromSeconds(5), gone);
        var body = Body("chat.completion", new JsonObject
        {
            ["logprobs"] = null,
            ["finish_reason"] = finish,
            ["native_finish_reason"] = finish,
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text, ["refusal"] = null, ["reasoning"] = null },
        });
        body["usage"] = usage;
        await context.Response.WriteAsJsonAsync(body, gone);
    }

    private async Task StreamAsync(List<string> pieces, string finish, JsonObject usage, Trouble trouble)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        // Comments keep the connection alive while a provider is thinking; a reader has to pass over them.
        await WriteAsync(": OPENROUTER PROCESSING");
        for (var n = 0; n < pieces.Count; n++)
        {
            if (n == trouble.BreakAfter)
            {
                await BreakAsync();
                return;
            }
            await WriteAsync(Chunk(pieces[n], null));
            await Task.Delay(trouble.Slow ? Pause * 40 : Pause, gone);
            if (n % 40 == 39)
                await WriteAsync(": OPENROUTER PROCESSING");
        }
        await WriteAsync(Chunk("", finish));
        var last = Body("chat.completion.chunk");
        last["usage"] = usage;
        await WriteAsync("data: " + last.ToJsonString());
        await WriteAsync("data: [DONE]");
    }

    // The status was 200 long ago, so the error comes inside the stream.
    private Task BreakAsync()
    {
        var body = Body("chat.completion.chunk", new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["content"] = "" }, ["finish_reason"] = "error" });
        body["error"] = new JsonObject { ["code"] = "server_error", ["message"] = "Provider disconnected unexpectedly" };
        return WriteAsync("data: " + body.ToJsonString());
    }

    private string Chunk(string text, string? finish) => "data: " + Body("chat.completion.chunk", new JsonObject
    {
        ["index"] = 0,
        ["delta"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
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
        ["created"] = clock.GetUtcNow().ToUnixTimeSeconds(),
        ["choices"] = new JsonArray(choices),
    };

    private JsonObject Usage(int prompt, int completion)
    {
        var cost = model.Cost(prompt, completion);
        account.Spend(cost);
        return new JsonObject { ["prompt_tokens"] = prompt, ["completion_tokens"] = completion, ["total_tokens"] = prompt + completion, ["cost"] = cost };
    }

    private async Task WriteAsync(string line)
    {
        await context.Response.WriteAsync(line + "\n\n", gone);
        await context.Response.Body.FlushAsync(gone);
    }

    private async Task<JsonNode?> ReadAsync()
    {
        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: gone);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Content is text, or a list of parts of which some are text.
    private static string Text(JsonNode? content) => content switch
    {
        JsonValue value => value.ToString(),
        JsonArray parts => string.Join('\n', parts.Select(part => (string?)part?["text"])),
        _ => "",
    };
}
