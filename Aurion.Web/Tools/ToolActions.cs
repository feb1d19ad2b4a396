using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aurion.Data.Tools;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Ai.Images;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Credits;
using Aurion.Web.Tools.Agents;
using Aurion.Web.Tools.Calls;
using Aurion.Web.Tools.Works;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Aurion.Web.Tools;

/// <summary>
/// POST /api/tools/actions: what an embedded tool does in a person's name. The token of the tool session is the bearer; no cookie is
/// read, so that a program may call it as well as a page.
/// </summary>
public static partial class ToolActions
{
    /// <summary>A piece of work of 1 MB as JSON may write it, or a Word document in base64.</summary>
    public const int LongestBody = 3 * 1024 * 1024;

    private const int PerMinute = 180;
    private const int LongestPurpose = 40;
    private const int MostTurns = 60;
    private const int MostFunctions = 16;
    private const int LongestDocument = 2 * 1024 * 1024;
    private const int LongestText = 512 * 1024;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    internal static void MapToolActions(this WebApplication app) =>
        app.MapPost("/api/tools/actions", ActAsync).RequireCors(ToolCors.Name).DisableAntiforgery().LimitTo(PerMinute).WithMetadata(new LargeBodyAttribute(LongestBody));

    private static async Task<IResult> ActAsync(
        ActionInput input, HttpContext http, ToolSessionTokens tokens, ToolSessionStore sessions, ToolFrames frames, ToolCalls calls, AgentRuns agents, Studio studio, WorkStore works, WorkPictures pictures, WorkAddresses addresses, AnswerHtml texts, CancellationToken ct)
    {
        if (input.ToolId is not { } toolId || await frames.FindAsync(toolId, ct) is not { } tool)
            return ApiProblem.Answer(400, "TOOL_NOT_FOUND", "Tool not found", "toolId must name a tool of the catalogue.", ("field", "toolId"));
        if (http.Request.Headers.Origin is [{ } origin] && origin != frames.OriginOf(tool))
            return ApiProblem.Answer(403, "ORIGIN_INVALID", "Origin not allowed", "Only the tools' own origin may ask.");
        if (BearerOf(http) is not { } bearer || tokens.Read(bearer, toolId) is not { } ticket)
            return Unauthorized("SESSION_INVALID");
        if (await sessions.FindLiveAsync(ticket.UserId, ticket.SessionId, ticket.AccountSessionId, toolId, ct) is not { } session)
            return Unauthorized(await sessions.IsRefundedAsync(ticket.UserId, ticket.SessionId, ct) ? "SESSION_REFUNDED" : "SESSION_EXPIRED");

        var act = new Acting(http, ticket, toolId, session, calls, agents, studio, works, pictures, addresses);
        return input.Action switch
        {
            "session" => Results.Ok(new { expiresAt = session.ExpiresAt, calls = CallsOf(session), credits = new { remaining = session.Available } }),
            "model" => await act.CallAsync(input, ct),
            "run" => await act.FollowAsync(input, ct),
            "stop" => await act.StopAsync(input, ct),
            "agent" when toolId == AgentRuns.ToolId => await act.FindAgentAsync(input, ct),
            "agent-start" when toolId == AgentRuns.ToolId => await act.StartAgentAsync(input, ct),
            "agent-pause" when toolId == AgentRuns.ToolId => await act.PauseAgentAsync(input, ct),
            "agent-stop" when toolId == AgentRuns.ToolId => await act.StopAgentAsync(input, ct),
            "picture" => await act.DrawAsync(input, ct),
            "save" => await act.SaveAsync(input.Work, ct),
            "load" => await act.LoadAsync(input, ct),
            "render" => await act.RenderAsync(input, texts, ct),
            "works" => await act.ListAsync(input.All, ct),
            "versions" => await act.ListVersionsAsync(input, ct),
            "import" => Import(input),
            "export" => await act.ExportAsync(input, ct),
            "preview" => await act.PreviewAsync(input, ct),
            "publish" => await act.PublishAsync(input, true, ct),
            "unpublish" => await act.PublishAsync(input, false, ct),
            "end" => await EndAsync(sessions, ticket, ct),
            _ => ApiProblem.Answer(400, "ACTION_UNKNOWN", "Action unknown", "See /developers for what a tool can do.", ("field", "action")),
        };
    }

    internal static object CallsOf(LiveToolSession session) => new { included = session.CallsIncluded, left = Math.Max(0, session.CallsLeft), price = session.CallPrice };

    private static string? BearerOf(HttpContext http) =>
        http.Request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..] : null;

    private static async Task<IResult> EndAsync(ToolSessionStore sessions, ToolSessionTicket ticket, CancellationToken ct)
    {
        await sessions.EndAsync(ticket.UserId, ticket.SessionId, ct);
        return Results.Ok(new { ended = true });
    }

    private static IResult Import(ActionInput input)
    {
        var file = new byte[LongestDocument];
        return input.Document is { Length: > 0 } document && Convert.TryFromBase64String(document, file, out var length) && DocxReader.Read(file[..length]) is { } text
            ? Results.Ok(new { text })
            : ApiProblem.Answer(422, "DOCUMENT_UNREADABLE", "Document not readable", "Send a Word document (.docx) of 2 MB at most, as base64.");
    }

    private static IResult Unauthorized(string code) =>
        ApiProblem.Answer(401, code, "Tool session not valid", "Open the tool again from Aurion.", ("valid", false));

    private static IResult NoRun() => ApiProblem.Answer(404, "RUN_NOT_FOUND", "Run not found", "This session has no such run.");

    private static IResult NotThere() => ApiProblem.Answer(404, "WORK_NOT_FOUND", "Work not found", "There is no such piece of work, or it was deleted.");

    private sealed partial record Acting(HttpContext Http, ToolSessionTicket Ticket, string ToolId, LiveToolSession Session, ToolCalls Calls, AgentRuns Agents, Studio Studio, WorkStore Works, WorkPictures Pictures, WorkAddresses Addresses)
    {
        public async Task<IResult> CallAsync(ActionInput input, CancellationToken ct)
        {
            if (input.RunId is not { } id || input.Messages is not { Count: > 0 and <= MostTurns } messages || input.Purpose is not { Length: > 0 and <= LongestPurpose }
                || !messages.All(message => message.IsValid) || input.Tools is { Count: > MostFunctions } || input.Tools?.All(function => function.IsValid) == false)
                return ApiProblem.Answer(400, "CALL_INVALID", "Call not valid", "A call has runId, purpose and messages, each with role and content.");
            var result = await Calls.StartAsync(Ticket, ToolId, new ToolCall
            {
                Id = id,
                Purpose = input.Purpose,
                Turns = [.. messages.Select(message => message.Read())],
                Functions = [.. (input.Tools ?? []).Select(function => function.Read())],
                Repairs = input.Repairs,
                AgreedCredits = input.AgreedCredits,
            }, ct);
            return await AnswerAsync(result, input.Stream, ct);
        }

        public async Task<IResult> FollowAsync(ActionInput input, CancellationToken ct) =>
            input.RunId is { } id && await Calls.FindAsync(Ticket, id, ct) is { } result
                ? await AnswerAsync(result, input.Stream, ct)
                : NoRun();

        public async Task<IResult> StopAsync(ActionInput input, CancellationToken ct) =>
            input.RunId is { } id && await Calls.StopAsync(Ticket, id, ct) is { } result
                ? await AnswerAsync(result, false, ct)
                : NoRun();

        public async Task<IResult> RenderAsync(ActionInput input, AnswerHtml texts, CancellationToken ct)
        {
            if (input.Text is not { Length: <= LongestText } text)
                return ApiProblem.Answer(422, "TEXT_INVALID", "Text not valid", "Send Markdown of 512 kB at most.");
            var shown = await Pictures.ReadAsync(Ticket.UserId, text, isSmall: true, ct);
            using var html = new StringWriter();
            texts.Render(text, url => WorkPictures.Inside(shown, url)).WriteTo(html, HtmlEncoder.Default);
            return Results.Ok(new { html = html.ToString() });
        }

        /// <summary>Without an id: what a picture costs. With an id and a prompt: has it drawn, once. With the id alone: how far it is.</summary>
        public async Task<IResult> DrawAsync(ActionInput input, CancellationToken ct)
        {
            if (input.PictureId is not { } id)
                return Results.Ok(new { price = (await Studio.FindEngineAsync(Ticket.UserId, ct))?.Price, available = Session.Available });
            // What was begun is told as it stands, whatever a picture costs by now.
            if (input.Prompt is not null && await Studio.FindAsync(Ticket.UserId, id, ct) is null)
            {
                var engine = await Studio.FindEngineAsync(Ticket.UserId, ct);
                if (engine is not null && !(input.AgreedCredits >= engine.Price))
                    return ApiProblem.Answer(402, "PICTURE_PRICE", "A picture is paid by itself", new("A picture costs {0} credits.", engine.Price), ("price", engine.Price), ("available", Session.Available));
                var result = await Studio.MakeAsync(Ticket.UserId, new PictureDraft { Prompt = input.Prompt, Style = input.Style, Size = input.Size, Engine = engine?.Id, BatchId = id }, ct);
                if (result is not PictureResult.Started)
                    return ImageEndpoints.Refused(Http, result);
            }
            if (await Studio.FindAsync(Ticket.UserId, id, ct) is not { } picture)
                return ApiProblem.Answer(404, "PICTURE_NOT_FOUND", "Picture not found", "There is no such picture, or it was deleted.");
            var content = picture.IsDone ? await Studio.FindThumbnailAsync(Ticket.UserId, picture.Id, ct) : null;
            return Results.Ok(new
            {
                pictureId = id,
                picture.State,
                picture.Reason,
                credits = picture.Credits ?? 0,
                held = picture.IsOpen ? picture.Ceiling : 0,
                picture.Width,
                picture.Height,
                content = content is null ? null : Convert.ToBase64String(content),
            });
        }

        private async Task<IResult> AnswerAsync(ToolCallResult result, bool stream, CancellationToken ct)
        {
            switch (result)
            {
                case ToolCallResult.Started started when stream:
                    Http.Response.Headers["X-Accel-Buffering"] = "no";
                    return TypedResults.ServerSentEvents(EventsAsync(started.Run, ct));
                case ToolCallResult.Started started:
                    var end = await started.Run.Ended.WaitAsync(ct);
                    return Results.Ok(await EndOfAsync(started.Run.Id, end, started.Run.Text, started.Run.Calls, started.Run.Reason, ct));
                case ToolCallResult.Known known when stream:
                    return TypedResults.ServerSentEvents(EventsAsync(known.Run, ct));
                case ToolCallResult.Known known:
                    return Results.Ok(await EndOfAsync(known.Run.Id, new ToolRunEnd(known.Run.State, known.Run.Credits, 0), known.Run.Answer, known.Run.ToolCalls, known.Run.Reason, ct));
                case ToolCallResult.BudgetSpent spent:
                    return ApiProblem.Answer(402, "BUDGET_SPENT", "Calls used up", new("The calls of this session are used up; a further one costs {0} credits.", spent.Price), ("price", spent.Price), ("available", Session.Available));
                case ToolCallResult.CreditsExhausted exhausted:
                    return CreditProblems.Insufficient(exhausted.Required, exhausted.Available, new("A further call costs {0} credits and {1} are left.", exhausted.Required, exhausted.Available));
                case ToolCallResult.AccountFrozen frozen:
                    return CreditProblems.Frozen(frozen.Required, frozen.Available);
                case ToolCallResult.CapReached reached:
                    return CreditProblems.Capped(reached.Cap);
                case ToolCallResult.SessionExpired:
                    return Unauthorized("SESSION_EXPIRED");
                case ToolCallResult.TooLong:
                    return ApiProblem.Answer(422, "CALL_TOO_LONG", "Call too long", "The text is longer than the model can read. Nothing was charged; choose a part of it.");
                case ToolCallResult.NoRepair:
                    return ApiProblem.Answer(422, "NOTHING_TO_REPAIR", "Nothing to repair", "Only an answered call of this session is repaired for nothing, twice at most.");
                case ToolCallResult.Busy:
                    return CreditProblems.Busy(Http);
                default:
                    return ApiProblem.Answer(409, "TOOL_UNAVAILABLE", "Tool not available", "This tool can call no model at this moment. Nothing was charged.");
            }
        }

        /// <summary>delta, heartbeat, end.</summary>
        private async IAsyncEnumerable<SseItem<string>> EventsAsync(ToolRunning run, [EnumeratorCancellation] CancellationToken ct)
        {
            for (var offset = 0; !ct.IsCancellationRequested;)
            {
                var (text, changed) = run.From(offset);
                offset += text.Length;
                if (text.Length > 0)
                    yield return Event("delta", new { text });
                else if (run.Ended.IsCompleted)
                    break;
                else if (await Task.WhenAny(changed, run.Ended, Task.Delay(Heartbeat, ct)) is { } first && first != changed && first != run.Ended)
                    yield return new SseItem<string>("", "heartbeat");
            }
            var end = await run.Ended.WaitAsync(ct);
            yield return Event("end", await EndOfAsync(run.Id, end, run.Text, run.Calls, run.Reason, ct));
        }

        private async IAsyncEnumerable<SseItem<string>> EventsAsync(ToolRun run, [EnumeratorCancellation] CancellationToken ct)
        {
            if (run.Answer.Length > 0)
                yield return Event("delta", new { text = run.Answer });
            yield return Event("end", await EndOfAsync(run.Id, new ToolRunEnd(run.State, run.Credits, 0), run.Answer, run.ToolCalls, run.Reason, ct));
        }

        private async Task<object> EndOfAsync(Guid id, ToolRunEnd end, string text, string? calls, string? reason, CancellationToken ct)
        {
            var now = await Sessions().FindLiveAsync(Ticket.UserId, Ticket.SessionId, Ticket.AccountSessionId, ToolId, ct);
            return new
            {
                runId = id,
                state = end.State,
                reason,
                text = end.State == "done" ? text : "",
                toolCalls = end.State == "done" && calls is not null ? JsonSerializer.Deserialize<IReadOnlyList<FunctionCall>>(calls, JsonSerializerOptions.Web)! : [],
                credits = end.Credits,
                refunded = end.Refunded,
                calls = now is null ? null : CallsOf(now),
            };
        }

        private ToolSessionStore Sessions() => Http.RequestServices.GetRequiredService<ToolSessionStore>();

        private static SseItem<string> Event(string name, object data) => new(JsonSerializer.Serialize(data, JsonSerializerOptions.Web), name);
    }
}
