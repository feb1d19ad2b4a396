namespace Aurion.Web.Account.Clerk;

/// <summary>Ends at Clerk the sessions that ended here in another way than by signing out, or while Clerk was away.</summary>
public sealed partial class EndClerkSessionsJob(ClerkSessions sessions, ILogger<EndClerkSessionsJob> logger) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await sessions.EndAllAsync(ct);
        }
        catch (ClerkAwayException away)
        {
            // The next run is a minute away.
            LogAway(away.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Clerk was not told of sign-outs: {Reason}")]
    private partial void LogAway(string reason);
}
