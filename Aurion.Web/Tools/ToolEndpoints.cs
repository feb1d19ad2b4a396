using Aurion.Data.Tools;
using Aurion.Web.Account;
using Aurion.Web.Credits;
using Aurion.Web.Infrastructure.Errors;
using Aurion.Web.Infrastructure.Security;
using Microsoft.AspNetCore.Mvc;

namespace Aurion.Web.Tools;

/// <summary>The API that opens tools, and the one by which an embedded tool checks whom it serves.</summary>
public static class ToolEndpoints
{
    internal const string LaunchPath = "/api/validate-tool-access";
    internal const int LaunchesPerMinute = 20;
    private const int LongestId = 100;

    internal static void MapToolEndpoints(this WebApplication app)
    {
        app.MapPost(LaunchPath, AccessAsync).RequireAuthorization().LimitTo(LaunchesPerMinute);
        app.MapPost("/api/validate-tool-session", SessionAsync).RequireCors(ToolCors.Name).DisableAntiforgery();
    }

    private static async Task<IResult> AccessAsync(
        AccessInput input, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        HttpContext http, ToolLauncher launcher, ToolFrames frames, CancellationToken ct)
    {
        if (input.ToolId is not { Length: > 0 and <= LongestId } toolId)
            return UnknownTool();
        if (idempotencyKey is { Length: 0 or > LongestId } || idempotencyKey?.Any(char.IsControl) == true)
            return ApiProblem.Answer(400, "IDEMPOTENCY_KEY_INVALID", "Idempotency-Key must have 1 to 100 printable characters");

        var result = http.Features.Get<LaunchFastPath.Refusal>()?.Result
            ?? await launcher.LaunchAsync(http.User.Id(), http.User.SessionId(), toolId, idempotencyKey, input.NewSession, ct);
        return result switch
        {
            LaunchResult.Launched launched => Results.Ok(AnswerOf(launched, await frames.FindAsync(toolId, ct) is { } tool ? frames.UrlOf(tool) : null)),
            LaunchResult.CreditsExhausted exhausted => CreditProblems.Insufficient(exhausted.Required, exhausted.Available),
            LaunchResult.AccountFrozen frozen => CreditProblems.Frozen(frozen.Required, frozen.Available),
            LaunchResult.CapReached reached => CreditProblems.Capped(reached.Cap),
            LaunchResult.ToolUnavailable => ApiProblem.Answer(409, "TOOL_UNAVAILABLE", "Tool not available", "This tool cannot be launched. Nothing was charged."),
            LaunchResult.OperationMismatch => ApiProblem.Answer(422, "IDEMPOTENCY_KEY_REUSED", "Idempotency key reused",
                "This Idempotency-Key was used for another launch. Nothing was charged; send a new key."),
            LaunchResult.Busy => CreditProblems.Busy(http),
            _ => UnknownTool(),
        };
    }

    internal static LaunchAnswer AnswerOf(LaunchResult.Launched launched, string? iframeUrl) => new(
        launched.SessionToken, launched.SessionId, launched.IsReused, launched.CreditsConsumed, iframeUrl,
        new(launched.Total, launched.Used, launched.Bonus, launched.Available), new(launched.PlanType, launched.PlanStatus), launched.ExpiresAt);

    private static async Task<IResult> SessionAsync(
        SessionInput input, HttpContext http, ToolSessionTokens tokens, ToolSessionStore sessions, ToolFrames frames, CancellationToken ct)
    {
        // A browser names the origin; a tool's own server may call without one.
        var tool = await frames.FindAsync(input.ToolId ?? "", ct);
        if (http.Request.Headers.Origin is [{ } origin] && (tool is null ? !(await frames.OriginsAsync(ct)).Contains(origin) : origin != frames.OriginOf(tool)))
            return ApiProblem.Answer(403, "ORIGIN_INVALID", "Origin not allowed", "Only the tools' own origin may ask.", ("valid", false));
        if (input is not { SessionToken: { } token, ToolId: { } toolId } || tokens.Read(token, toolId) is not { } ticket)
            return Invalid("SESSION_INVALID");
        if (await sessions.FindLiveAsync(ticket.UserId, ticket.SessionId, ticket.AccountSessionId, toolId, ct) is not { } session)
            return Invalid("SESSION_EXPIRED");

        return Results.Ok(new
        {
            valid = true,
            userId = ticket.UserId,
            sessionId = ticket.SessionId,
            credits = new { total = session.Total, used = session.Used, bonus = session.Bonus, remaining = session.Available },
            plan = new { type = session.PlanType, status = session.PlanStatus },
            calls = ToolActions.CallsOf(session),
            expiresAt = session.ExpiresAt,
        });
    }

    private static IResult UnknownTool() =>
        ApiProblem.Answer(400, "TOOL_NOT_FOUND", "Tool not found", "toolId must name a tool of the catalogue.", ("field", "toolId"));

    private static IResult Invalid(string code) =>
        ApiProblem.Answer(401, code, "Tool session not valid", "Open the tool again from Aurion.", ("valid", false));

    internal sealed record AccessInput(string? ToolId, bool NewSession = false);

    internal sealed record LaunchAnswer(
        string SessionToken, Guid SessionId, bool IsReusedSession, int CreditsConsumed, string? IframeUrl, CreditsAnswer Credits, PlanAnswer Plan, DateTimeOffset ExpiresAt);

    internal sealed record CreditsAnswer(int Total, int Used, int Bonus, int Remaining);

    internal sealed record PlanAnswer(string Type, string Status);

    private sealed record SessionInput(string? SessionToken, string? ToolId);
}
