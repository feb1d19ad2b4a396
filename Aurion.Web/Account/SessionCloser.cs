using Aurion.Data.Account;

namespace Aurion.Web.Account;

/// <summary>Ends sessions: on this node before the answer leaves, on the others when the database tells them.</summary>
public sealed class SessionCloser(AccountSessionStore sessions, TokenCache tokens)
{
    /// <summary>False when the user has no such live session.</summary>
    public async Task<bool> EndAsync(Guid userId, Guid sessionId, CancellationToken ct)
    {
        var ended = await sessions.RevokeAsync(userId, sessionId, ct);
        tokens.Forget(sessionId);
        return ended;
    }

    /// <summary>Ends every session but the one that asks; returns how many.</summary>
    public async Task<int> EndOthersAsync(Guid userId, Guid? sessionId, CancellationToken ct)
    {
        var ended = await sessions.RevokeOthersAsync(userId, sessionId, ct);
        foreach (var session in ended)
            tokens.Forget(session);
        return ended.Count;
    }
}
