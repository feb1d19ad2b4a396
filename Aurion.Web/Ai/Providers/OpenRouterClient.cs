using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aurion.Web.Ai.Operating;

namespace Aurion.Web.Ai.Providers;

/// <summary>OpenRouter's API; nothing else knows its JSON. A failure of an answer is an event, never an exception.</summary>
/// <remarks>https://openrouter.ai/docs/api-reference/overview, …/errors and …/streaming.</remarks>
public sealed partial class OpenRouterClient(HttpClient http, OpenRouterOptions options, OpenRouterPatience patience, ProviderAccounts accounts)
{
    /// <summary>A provider that asks for more time before a second attempt is not waited for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Streams one answer. A refusal before the first byte that the provider calls passing is tried once more: nothing was charged for it.</summary>
    public async IAsyncEnumerable<AnswerEvent> StreamAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var end = Environment.TickCount64 + (long)patience.Whole.TotalMilliseconds;
        silence.CancelAfter(patience.First);

        var (response, refusal) = await AskAsync(request, silence.Token, ct);
        if (refusal is { Fault: ProviderFault.Away } && (refusal.RetryAfter ?? TimeSpan.Zero) <= LongestWait)
        {
            await Task.Delay(refusal.RetryAfter ?? TimeSpan.FromMilliseconds(300), ct);
            (response, refusal) = await AskAsync(request, silence.Token, ct);
        }
        if (response is null)
        {
            await HearAsync(refusal!.Fault);
            yield return refusal;
            yield break;
        }

        using var _ = response;
        yield return new AnswerEvent.Started(response.Headers.TryGetValues("X-Generation-Id", out var ids) ? ids.First() : null);
        await using var chunks = ReadAsync(response, silence.Token).GetAsyncEnumerator(silence.Token);
        var (finish, usage) = ((string?)null, (ProviderUsage?)null);
        var calls = new FunctionCalls();
        while (true)
        {
            var (chunk, fault) = await NextAsync(chunks, ct);
            if (fault is { } broken)
            {
                yield return new AnswerEvent.Failed(broken, Usage: usage);
                yield break;
            }
            if (chunk is null)
                break;
            silence.CancelAfter(TimeSpan.FromMilliseconds(Math.Clamp(end - Environment.TickCount64, 0, patience.Between.TotalMilliseconds)));
            usage = chunk.Usage?.Read() ?? usage;
            if (chunk.Error is { } error)
            {
                var failed = error.Read(usage);
                await HearAsync(failed.Fault);
                yield return failed;
                yield break;
            }
            if (chunk.Choices is not [var choice, ..])
                continue;
            finish = choice.FinishReason ?? finish;
            if (choice.Delta?.Content is { Length: > 0 } text)
                yield return new AnswerEvent.Text(text);
            calls.Add(choice.Delta?.ToolCalls);
        }
        // Arguments that were cut are none.
        if (finish is "tool_calls" or "stop" && calls.Whole() is { Count: > 0 } whole)
            yield return new AnswerEvent.Called(whole);
        yield return finish switch
        {
            null => new AnswerEvent.Failed(ProviderFault.Cut, Usage: usage),
            "content_filter" => new AnswerEvent.Failed(ProviderFault.Refused, Usage: usage),
            "error" => new AnswerEvent.Failed(ProviderFault.Away, Usage: usage),
            _ => new AnswerEvent.Finished(finish == "length", usage),
        };
    }

    /// <summary>
    /// What a call cost in micro-dollars, by the provider's own record, which is there a moment after the end; null when it is not.
    /// Throws HttpRequestException when the provider is away or silent, JsonException when its record cannot be read.
    /// </summary>
    public async Task<long?> FindCostAsync(string generationId, CancellationToken ct = default)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
        silence.CancelAfter(patience.Record);
        try
        {
            using var response = await http.GetAsync(new Uri("api/v1/generation?id=" + Uri.EscapeDataString(generationId), UriKind.Relative), silence.Token);
            return response.IsSuccessStatusCode && await response.Content.ReadFromJsonAsync<GenerationAnswer>(Json, silence.Token) is { Data.TotalCost: { } cost }
                ? Microdollars(cost)
                : null;
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.Unknown, "OpenRouter showed no record in time.", late);
        }
    }

    private Task HearAsync(ProviderFault fault) => fault == ProviderFault.AccountDry ? accounts.ReportEmptyAsync() : Task.CompletedTask;

    private async Task<(HttpResponseMessage?, AnswerEvent.Failed?)> AskAsync(ChatRequest request, CancellationToken patient, CancellationToken ct)
    {
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, "api/v1/chat/completions") { Content = JsonContent.Create(Body(request), options: Json) };
            var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patient);
            if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == "text/event-stream")
                return (response, null);
            using (response)
                return (null, await ReadRefusalAsync(response, patient));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, new AnswerEvent.Failed(ProviderFault.TimedOut));
        }
        catch (HttpRequestException)
        {
            return (null, new AnswerEvent.Failed(ProviderFault.Away));
        }
    }

    private static object Body(ChatRequest request) => new
    {
        request.Model,
        Messages = request.Turns.Select(MessageOf),
        Tools = request.Functions.Count == 0 ? null : request.Functions.Select(function => new { Type = "function", Function = function }),
        MaxTokens = request.LongestAnswer,
        Stream = true,
        request.User,
        // In dollars for a million tokens.
        Provider = new { MaxPrice = new { Prompt = request.MostPromptPrice / 1_000_000m, Completion = request.MostCompletionPrice / 1_000_000m } },
    };

    // https://openrouter.ai/docs/features/tool-calling, and …/guides/overview/multimodal/images: the words first, then the pictures.
    private static object MessageOf(ChatTurn turn) => turn switch
    {
        { CallId: { } id } => new { turn.Role, ToolCallId = id, turn.Content },
        { Calls.Count: > 0 } => new { turn.Role, Content = turn.Content.Length > 0 ? turn.Content : null, ToolCalls = turn.Calls.Select(call => new { call.Id, Type = "function", Function = new { call.Name, call.Arguments } }) },
        { Pictures.Count: > 0 } => new
        {
            turn.Role,
            Content = turn.Pictures
                .Select(object (picture) => new { Type = "image_url", ImageUrl = new { Url = "data:image/jpeg;base64," + Convert.ToBase64String(picture) } })
                .Prepend(new { Type = "text", Text = turn.Content }),
        },
        _ => new { turn.Role, turn.Content },
    };

    private static async Task<AnswerEvent.Failed> ReadRefusalAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            var answer = await response.Content.ReadFromJsonAsync<Chunk>(Json, ct);
            if (answer?.Error is { } error)
                return error.Read(null, (int)response.StatusCode, response.Headers.RetryAfter?.Delta);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or IOException)
        {
        }
        return new AnswerEvent.Failed(response.IsSuccessStatusCode ? ProviderFault.Unreadable : ErrorObject.FaultOf((int)response.StatusCode, null, null));
    }

    private static async IAsyncEnumerable<Chunk> ReadAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(ct))
        {
            if (item.Data == "[DONE]")
                yield break;
            yield return JsonSerializer.Deserialize<Chunk>(item.Data, Json) ?? throw new JsonException("null");
        }
    }

    /// <summary>The next chunk, the fault that came instead, or neither at the end.</summary>
    private static async Task<(Chunk?, ProviderFault?)> NextAsync(IAsyncEnumerator<Chunk> chunks, CancellationToken ct)
    {
        try
        {
            return (await chunks.MoveNextAsync() ? chunks.Current : null, null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, ProviderFault.TimedOut);
        }
        catch (JsonException)
        {
            return (null, ProviderFault.Unreadable);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            return (null, ProviderFault.Cut);
        }
    }

    private static long Microdollars(decimal dollars) => (long)Math.Ceiling(dollars * 1_000_000m);

    private sealed record Chunk(IReadOnlyList<Choice>? Choices, ErrorObject? Error, UsageObject? Usage);

    private sealed record Choice(Delta? Delta, string? FinishReason);

    private sealed record Delta(string? Content, IReadOnlyList<CallPiece>? ToolCalls);

    private sealed record CallPiece(int Index, string? Id, FunctionPiece? Function);

    private sealed record FunctionPiece(string? Name, string? Arguments);

    /// <summary>Calls of functions, whose names come once and whose arguments come in pieces.</summary>
    private sealed class FunctionCalls
    {
        private readonly SortedDictionary<int, FunctionCall> calls = [];

        public void Add(IReadOnlyList<CallPiece>? pieces)
        {
            foreach (var piece in pieces ?? [])
            {
                var call = calls.GetValueOrDefault(piece.Index) ?? new("", "", "");
                calls[piece.Index] = new(call.Id + piece.Id, call.Name + piece.Function?.Name, call.Arguments + piece.Function?.Arguments);
            }
        }

        public IReadOnlyList<FunctionCall> Whole() =>
            [.. calls.Values.Where(call => call.Id.Length > 0 && call.Name.Length > 0).Select(call => call with { Arguments = call.Arguments.Replace("\0", "", StringComparison.Ordinal) })];
    }

    private sealed record UsageObject(int PromptTokens, int CompletionTokens, decimal? Cost)
    {
        public ProviderUsage Read() => new(PromptTokens, CompletionTokens, Microdollars(Cost ?? 0));
    }

    private sealed record GenerationAnswer(Generation? Data);

    private sealed record Generation(decimal? TotalCost);

    /// <param name="Code">A number, or a word inside a stream.</param>
    private sealed record ErrorObject(JsonElement Code, ErrorMetadata? Metadata, ErrorAvailability? Availability)
    {
        public AnswerEvent.Failed Read(ProviderUsage? usage, int status = 0, TimeSpan? retryAfter = null)
        {
            var code = Code.ValueKind == JsonValueKind.Number && Code.TryGetInt32(out var number) ? number : status;
            return new(FaultOf(code, Metadata?.ErrorType, Metadata?.LimitSource),
                retryAfter ?? (Availability?.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null), usage);
        }

        public static ProviderFault FaultOf(int code, string? type, string? limitSource) => (code, type) switch
        {
            (_, "content_policy_violation" or "guardrail_blocked") or (403, _) => ProviderFault.Refused,
            (_, "context_length_exceeded" or "payload_too_large") or (413, _) => ProviderFault.TooLong,
            (402, _) when limitSource == "openrouter_in_flight_budget" => ProviderFault.Busy,
            (402, _) => ProviderFault.AccountDry,
            (401, _) => ProviderFault.KeyRefused,
            (408 or 524, _) or (_, "timeout") => ProviderFault.TimedOut,
            (429, _) or (_, "rate_limit_exceeded") => ProviderFault.Busy,
            ( >= 400 and < 500, _) => ProviderFault.Rejected,
            _ => ProviderFault.Away,
        };
    }

    private sealed record ErrorMetadata(string? ErrorType, string? LimitSource);

    private sealed record ErrorAvailability(double? RetryAfter);

    /// <summary>How the application reaches it: one connection pool, whose connections are renewed so that a changed address is noticed.</summary>
    internal static void Register(IServiceCollection services, OpenRouterOptions options)
    {
        services.AddSingleton(OpenRouterPatience.Default);
        services.AddHttpClient<OpenRouterClient>(http =>
            {
                http.BaseAddress = options.ApiBase;
                http.Timeout = Timeout.InfiniteTimeSpan;
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
            })
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
                handler.ConnectTimeout = TimeSpan.FromSeconds(10);
                handler.AllowAutoRedirect = false;
                handler.AutomaticDecompression = DecompressionMethods.None;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
    }
}
