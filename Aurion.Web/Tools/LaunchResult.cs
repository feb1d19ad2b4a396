using Aurion.Web.Credits;

namespace Aurion.Web.Tools;

/// <summary>How one launch ended. Credits; UTC.</summary>
public abstract record LaunchResult
{
    /// <summary>The tool is open. Nothing was paid when the session was reused.</summary>
    public sealed record Launched(
        Guid SessionId, string SessionToken, bool IsReused, int CreditsConsumed, DateTimeOffset ExpiresAt,
        int Total, int Used, int Bonus, int Available, string PlanType, string PlanStatus) : LaunchResult;

    public sealed record CreditsExhausted(int Required, int Available) : LaunchResult;

    /// <summary>The renewal is unpaid and its grace is over: the plan's credits wait for the payment.</summary>
    public sealed record AccountFrozen(int Required, int Available) : LaunchResult;

    /// <summary>The owner's own cap has too little left.</summary>
    public sealed record CapReached(ReachedCap Cap) : LaunchResult;

    public sealed record ToolUnknown : LaunchResult;

    /// <summary>Listed but not to be launched: coming soon, or served on a page of its own.</summary>
    public sealed record ToolUnavailable : LaunchResult;

    /// <summary>The operation id was used before for something else.</summary>
    public sealed record OperationMismatch : LaunchResult;

    /// <summary>More launches wait than can be served soon, or somebody holds the account; nothing was taken.</summary>
    public sealed record Busy : LaunchResult;
}
