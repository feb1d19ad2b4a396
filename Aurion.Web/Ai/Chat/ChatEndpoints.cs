using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aurion.Data.Ai;
using Aurion.Web.Credits;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aurion.Web.Ai.Chat;

/// <summary>
/// POST /api/ai-chat sends a message and streams its answer; GET /api/ai-chat/{answer} streams an answer from an offset on, whichever
/// process writes it. Events: start, delta (its id is the offset after it), heartbeat, end. GET /api/ai-chat/{answer}/html renders what
/// is whole of it.
/// </summary>
public static class ChatEndpoints
{
    /// <summary>The longest conversation of the longest model, as JSON may write it.</summary>
    public const int LongestBody = 512 * 1024;

    private const int SendsPerMinute = 30;
    private const int ReadsPerMinute = 120;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    internal static void MapChatEndpoints(this WebApplication app)
    {
        app.MapPost("/api/ai-chat", SendAsync).RequireAuthorization().LimitTo(SendsPerMinute).WithMetadata(new LargeBodyAttribute(LongestBody));
        app.MapGet("/api/ai-chat/{answerId:guid}", FollowAsync).RequireAuthorization().LimitTo(ReadsPerMinute);
        app.MapGet("/api/ai-chat/{answerId:guid}/html", RenderAsync).RequireAuthorization().LimitTo(ReadsPerMinute);
    }

    private static async Task<IResult> SendAsync(SendInput input, HttpContext http, Chats chats, AnswerRuns runs, AnswerStore answers, IHostApplicationLifetime host, CancellationToken ct)
    {
        var userId = http.User.Id();
        var result = await chats.SendAsync(userId, new ChatDraft
        {
            Text = input.Message,
            ConversationId = input.ConversationId,
            ParentId = input.ParentId,
            Model = input.Model,
            AnswerId = input.AnswerId,
        }, ct);
        if (result is not ChatResult.Started started)
            return Refused(http, result);
        var start = new { conversationId = started.ConversationId, answerId = started.AnswerId, creditsHeld = started.Ceiling };
        return Stream(http, Prepend(Event("start", start), EventsAsync(userId, started.AnswerId, 0, runs, answers, host.ApplicationStopping)));
    }

    private static async Task<IResult> FollowAsync(
        Guid answerId, int? from, [FromHeader(Name = "Last-Event-ID")] string? lastEventId, HttpContext http, AnswerRuns runs, AnswerStore answers,
        IHostApplicationLifetime host, CancellationToken ct)
    {
        var userId = http.User.Id();
        if (runs.Find(userId, answerId) is null && await answers.FindTailAsync(userId, answerId, 0, ct) is null)
            return Results.NotFound();
        var offset = int.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : Math.Max(0, from ?? 0);
        return Stream(http, EventsAsync(userId, answerId, offset, runs, answers, host.ApplicationStopping));
    }

    // The blocks that are whole within the first characters, which is what the reader has; end: how many characters they take.
    private static async Task<IResult> RenderAsync(Guid answerId, int to, HttpContext http, AnswerRuns runs, AnswerStore answers, AnswerHtml html, CancellationToken ct)
    {
        var userId = http.User.Id();
        var text = runs.Find(userId, answerId)?.From(0).Text ?? (await answers.FindTailAsync(userId, answerId, 0, ct))?.Text;
        if (text is null)
            return Results.NotFound();
        var end = AnswerHtml.EndOfBlocks(text[..Math.Clamp(to, 0, text.Length)]);
        using var writer = new StringWriter();
        html.Render(text[..end]).WriteTo(writer, HtmlEncoder.Default);
        return Results.Ok(new { html = writer.ToString(), end });
    }

    private static ServerSentEventsResult<string> Stream(HttpContext http, IAsyncEnumerable<SseItem<string>> events)
    {
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(events);
    }

    private static async IAsyncEnumerable<SseItem<string>> Prepend(SseItem<string> first, IAsyncEnumerable<SseItem<string>> others)
    {
        yield return first;
        await foreach (var other in others)
            yield return other;
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        Guid userId, Guid answerId, int offset, AnswerRuns runs, AnswerStore answers, CancellationToken stopping, [EnumeratorCancellation] CancellationToken ct = default)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stopping, ct);
        if (runs.Find(userId, answerId) is { } live)
        {
            await foreach (var (text, end) in live.ReadAsync(offset, Heartbeat, leaving.Token))
            {
                offset = end;
                yield return text.Length > 0 ? Delta(text, offset) : new SseItem<string>("", "heartbeat");
            }
        }
        while (!leaving.IsCancellationRequested && await answers.FindTailAsync(userId, answerId, offset, CancellationToken.None) is { } tail)
        {
            offset += tail.Text.Length;
            if (tail.Text.Length > 0)
                yield return Delta(tail.Text, offset);
            if (tail.State != "writing")
            {
                yield return Event("end", new { tail.State, tail.Reason, tail.Credits });
                yield break;
            }
            await Task.Delay(Poll, CancellationToken.None);
        }
    }

    private static SseItem<string> Delta(string text, int offset) =>
        new(JsonSerializer.Serialize(new { text }, JsonSerializerOptions.Web), "delta") { EventId = offset.ToString(CultureInfo.InvariantCulture) };

    private static SseItem<string> Event(string name, object data) => new(JsonSerializer.Serialize(data, JsonSerializerOptions.Web), name);

    private static IResult Refused(HttpContext http, ChatResult result)
    {
        var status = ChatWords.StatusOf(result);
        return result switch
        {
            ChatResult.Blank => ApiProblem.Answer(400, "MESSAGE_MISSING", "Message missing", "message must have some text.", ("field", "message")),
            ChatResult.TooLong tooLong => ApiProblem.Answer(status, "MESSAGE_TOO_LONG", "Message too long", new("The model can read {0} characters at least.", tooLong.Characters)),
            ChatResult.Writing => ApiProblem.Answer(status, "ANSWER_BEING_WRITTEN", "Answer being written", "An answer of this conversation is being written. Nothing was charged."),
            ChatResult.ModelUnavailable unavailable => ApiProblem.Answer(status, "MODEL_UNAVAILABLE", "Model not available", "The model is unknown or switched off. Nothing was charged.", ("reason", unavailable.Reason)),
            ChatResult.PlanLacksModel lacks => ApiProblem.Answer(status, "PLAN_LACKS_MODEL", "Model not in the plan", new("{0} is available from the {1} plan.", lacks.Model, lacks.Plan), ("upgrade_url", "/pricing")),
            ChatResult.Off off => ApiProblem.Answer(status, "TOOL_UNAVAILABLE", "Tool not available", "This tool cannot be launched. Nothing was charged.", ("reason", off.Reason)),
            ChatResult.CreditsExhausted exhausted => CreditProblems.Insufficient(exhausted.Required, exhausted.Available),
            ChatResult.AccountFrozen frozen => CreditProblems.Frozen(frozen.Required, frozen.Available),
            ChatResult.CapReached reached => CreditProblems.Capped(reached.Cap),
            ChatResult.LimitReached limit => ApiProblem.Answer(status, limit.IsDaily ? "DAILY_LIMIT" : "MONTHLY_LIMIT", "Limit of the plan reached",
                new("The plan has {0} messages; the next are free again at {1}.", limit.Limit, limit.EndsAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)), ("limit", limit.Limit), ("endsAt", limit.EndsAt)),
            ChatResult.Busy => CreditProblems.Busy(http),
            _ => Results.NotFound(),
        };
    }

    private sealed record SendInput(string? Message, Guid? ConversationId, Guid? ParentId, string? Model, Guid? AnswerId);
}
