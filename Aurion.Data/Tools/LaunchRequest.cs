namespace Aurion.Data.Tools;

/// <summary>
/// One wish to launch a tool. <paramref name="Arrived"/> (UTC) decides which live session may be reused; the operation id
/// makes a retry safe.
/// </summary>
public sealed record LaunchRequest(Guid UserId, string ToolId, string OperationId, Guid SessionId, bool NewSession, DateTimeOffset Arrived);

/// <summary>What the database decided for one request; the names of the outcomes stand in consume_user_credits.sql. Credits throughout.</summary>
public sealed record LaunchOutcome(
    string Outcome, Guid SessionId, int CreditsConsumed, DateTimeOffset ExpiresAt,
    int Total, int Used, int Bonus, int Available, int Required, string PlanType, string PlanStatus);
