using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Aurion.Sandbox.Clerk;

/// <summary>Users and sessions, for as long as the sandbox runs.</summary>
internal sealed class ClerkStore(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, ClerkUser> users = new();
    private readonly ConcurrentDictionary<string, ClerkSession> sessions = new();

    public IReadOnlyList<ClerkUser> Users => [.. users.Values.OrderByDescending(user => user.CreatedAt)];

    public ClerkUser? FindUser(string id) => users.GetValueOrDefault(id);

    public ClerkUser? FindByEmail(string email) => users.Values.FirstOrDefault(user => user.Email.Equals(email.Trim(), StringComparison.OrdinalIgnoreCase));

    public ClerkSession? FindSession(string id) => sessions.GetValueOrDefault(id);

    public ClerkUser Add(string email, string password, string firstName, string lastName)
    {
        var user = new ClerkUser(NewId("user_"), email.Trim().ToLowerInvariant(), password, firstName, lastName, clock.GetUtcNow());
        users[user.Id] = user;
        return user;
    }

    public ClerkUser? Rename(string id, string? firstName, string? lastName)
    {
        if (FindUser(id) is not { } user)
            return null;
        return users[id] = user with { FirstName = firstName ?? user.FirstName, LastName = lastName ?? user.LastName };
    }

    public ClerkUser? Remove(string id) => users.TryRemove(id, out var user) ? user : null;

    public ClerkSession Open(ClerkUser user)
    {
        users[user.Id] = user with { LastSignInAt = clock.GetUtcNow() };
        var session = new ClerkSession(NewId("sess_"), user.Id, NewId("client_"), clock.GetUtcNow());
        return sessions[session.Id] = session;
    }

    public ClerkSession? Revoke(string id)
    {
        if (FindSession(id) is not { } session)
            return null;
        return sessions[id] = session with { Status = "revoked" };
    }

    public static string NewId(string prefix) => prefix + "2" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 26);
}
