using Aurion.Data.Account;

namespace Aurion.Web.Account.Clerk;

/// <summary>Whoever signs out here is signed out at Clerk: at once when Clerk answers, else as soon as it does.</summary>
public sealed partial class ClerkSessions(
    ClerkOptions options, ClerkClient clerk, ClerkPatience patience, IdentityStore store, JobFailures failures, ILogger<ClerkSessions> logger)
{
    private const int Batch = 100;

    /// <summary>After a session has ended here. Never fails: what Clerk does not answer now is done by the job.</summary>
    public async Task EndAsync(Guid sessionId, CancellationToken ct)
    {
        if (!options.IsOn)
            return;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
        waiting.CancelAfter(patience.SignOut);
        try
        {
            foreach (var session in await store.ListEndedAsync(1, sessionId, [], ct))
                await EndThereAsync(session, waiting.Token);
        }
        catch (Exception away) when (away is ClerkAwayException || (away is OperationCanceledException && !ct.IsCancellationRequested))
        {
            LogLater(away.Message);
        }
    }

    /// <summary>All whose end here Clerk has not heard of. One that Clerk refuses is reported and stops no other; throws when Clerk does not answer.</summary>
    public async Task EndAllAsync(CancellationToken ct)
    {
        var refused = new List<string>();
        while (options.IsOn && await store.ListEndedAsync(Batch, null, refused, ct) is { Count: > 0 } ended)
        {
            foreach (var session in ended)
            {
                try
                {
                    await EndThereAsync(session, ct);
                }
                catch (ClerkAwayException refusal) when (refusal.IsRefusal)
                {
                    refused.Add(session);
                    await failures.ReportAsync<EndClerkSessionsJob>($"Clerk session {session}", refusal);
                }
            }
        }
    }

    private async Task EndThereAsync(string session, CancellationToken ct)
    {
        await clerk.RevokeSessionAsync(session, ct);
        await store.ForgetEndedAsync(session, ct);
    }

    [LoggerMessage(LogLevel.Warning, "A sign-out will be told to Clerk later: {Reason}")]
    private partial void LogLater(string reason);
}
