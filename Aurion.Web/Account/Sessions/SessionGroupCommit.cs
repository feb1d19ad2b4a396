using Aurion.Data.Account;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Account.Sessions;

/// <summary>Whether sessions are alive, asked for many at once: the tokens that a node has not seen for a minute cost one query together.</summary>
public sealed class SessionGroupCommit(AccountSessionStore store) : GroupCommit<SessionKey, bool>(mostTogether: 256)
{
    protected override Task<IReadOnlyList<bool>> ServeAsync(IReadOnlyList<SessionKey> requests) =>
        store.AreLiveAsync(requests);
}
