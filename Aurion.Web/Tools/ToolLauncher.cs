using Aurion.Data.Tools;
using Aurion.Web.Credits;
using Aurion.Web.Credits.Live;

namespace Aurion.Web.Tools;

/// <summary>Opens a tool for a person: reuses the session that is live, or takes the tool's cost and opens a new one.</summary>
public sealed partial class ToolLauncher(LaunchGroupCommit lane, CatalogueStore catalogue, ToolSessionStore sessions, ToolSessionTokens tokens, BalanceAnnouncer announcer, TimeProvider clock, ILogger<ToolLauncher> logger)
{
    /// <param name="operationId">Makes a retry safe: the same id gives the same answer again and takes nothing twice.</param>
    /// <param name="newSession">Pays for a session of its own even when one is live.</param>
    public async Task<LaunchResult> LaunchAsync(
        Guid userId, Guid? accountSessionId, string toolId, string? operationId, bool newSession, CancellationToken ct)
    {
        // The table of tools knows no keys: what cannot answer is not sold.
        if ((await catalogue.ListAsync(ct)).Any(tool => tool.Id == toolId && tool.IsUnconfigured))
            return new LaunchResult.ToolUnavailable();

        var arrived = clock.GetUtcNow();
        var sessionId = Guid.CreateVersion7(arrived);
        // The prefix keeps a caller's id apart from the keys of refills, grants and refunds.
        var request = new LaunchRequest(userId, toolId, "launch:" + (operationId ?? sessionId.ToString()), sessionId, newSession, arrived);

        if (!lane.TryAsk(request, ct, out var answer))
            return new LaunchResult.Busy();
        var outcome = await answer;
        if (outcome.Outcome == "LAUNCHED")
        {
            announcer.Announce(userId, outcome.Available);
            LogLaunched(userId, toolId, outcome.CreditsConsumed, outcome.Available);
        }
        return ResultOf(outcome, userId, accountSessionId, toolId);
    }

    /// <summary>Ends a session whose tool never reported and gives back what it cost; 0 when the tool has served it, or it has ended.</summary>
    public async Task<int> RefundSilentAsync(Guid userId, Guid sessionId, CancellationToken ct)
    {
        var (toolId, refunded) = await sessions.RefundSilentAsync(userId, sessionId, ct);
        if (refunded > 0)
        {
            announcer.Announce(userId);
            LogSilent(userId, toolId!, refunded);
        }
        return refunded;
    }

    private LaunchResult ResultOf(LaunchOutcome o, Guid userId, Guid? accountSessionId, string toolId) => o.Outcome switch
    {
        "LAUNCHED" or "REUSED" or "REPEATED" => new LaunchResult.Launched(
            o.SessionId, tokens.Create(userId, o.SessionId, accountSessionId, toolId), o.Outcome == "REUSED",
            o.CreditsConsumed, o.ExpiresAt, o.Total, o.Used, o.Bonus, o.Available, o.PlanType, o.PlanStatus),
        "INSUFFICIENT_CREDITS" => new LaunchResult.CreditsExhausted(o.Required, o.Available),
        "ACCOUNT_FROZEN" => new LaunchResult.AccountFrozen(o.Required, o.Available),
        _ when ReachedCap.Of(o.Outcome, o.Required, o.Available, o.ExpiresAt) is { } cap => new LaunchResult.CapReached(cap),
        "TOOL_NOT_FOUND" => new LaunchResult.ToolUnknown(),
        "TOOL_UNAVAILABLE" => new LaunchResult.ToolUnavailable(),
        "BUSY" => new LaunchResult.Busy(),
        "OPERATION_MISMATCH" => new LaunchResult.OperationMismatch(),
        _ => throw new InvalidOperationException($"User {userId} has no credit account: {o.Outcome}."),
    };

    [LoggerMessage(LogLevel.Warning, "{Tool} never became ready for user {UserId}; {Refunded} credits were given back")]
    private partial void LogSilent(Guid userId, string tool, int refunded);

    // The ledger has each launch for good; a line as well would cost a tenth of what a launch costs.
    [LoggerMessage(LogLevel.Debug, "User {UserId} launched {Tool} for {Cost} credits, {Remaining} left")]
    private partial void LogLaunched(Guid userId, string tool, int cost, int remaining);
}
