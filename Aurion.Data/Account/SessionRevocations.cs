namespace Aurion.Data.Account;

/// <summary>Hears of every session that ends, on whichever node.</summary>
public sealed class SessionRevocations(Database database)
{
    internal const string Channel = "aurion_session_ended";

    /// <summary>Listens until cancelled; throws when the connection is lost. Calls <paramref name="listening"/> once nothing can be missed.</summary>
    public Task ListenAsync(Action listening, Action<Guid> ended, CancellationToken ct) =>
        database.ListenAsync([Channel], () =>
        {
            listening();
            return Task.CompletedTask;
        }, (_, sessionId) => ended(sessionId), ct);
}
