using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Aurion.Sandbox.Clerk;

/// <summary>Users, sessions and browsers, for as long as the sandbox runs.</summary>
internal sealed class ClerkStore(TimeProvider clock)
{
    private readonly Lock door = new();
    private readonly ConcurrentDictionary<string, ClerkUser> users = new();
    private readonly ConcurrentDictionary<string, ClerkSession> sessions = new();
    // A dev browser stands for the client whose cookie a browser would not send from another site.
    private readonly ConcurrentDictionary<string, string> devBrowsers = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> payloads = new();

    public IReadOnlyList<ClerkUser> Users => [.. users.Values.OrderByDescending(user => user.CreatedAt)];

    public IReadOnlyList<ClerkSession> Sessions => [.. sessions.Values.OrderByDescending(session => session.CreatedAt)];

    public ClerkUser? FindUser(string id) => users.GetValueOrDefault(id);

    /// <summary>Whoever has the address. Of an unverified one nobody can sign in by it, but it is taken as long as it stands there.</summary>
    public ClerkUser? FindByEmail(string address) =>
        users.Values.FirstOrDefault(user => user.Emails.Any(email => email.Address.Equals(address.Trim(), StringComparison.OrdinalIgnoreCase)));

    public ClerkSession? FindSession(string id) => sessions.GetValueOrDefault(id);

    /// <summary>The session that is signed in in a browser, if any.</summary>
    public ClerkSession? FindLive(string? clientId) =>
        sessions.Values.Where(session => session.ClientId == clientId && session.IsLive).MaxBy(session => session.CreatedAt);

    /// <summary>Null when the address is taken.</summary>
    public ClerkUser? Add(string? address, string password, string? firstName, string? lastName)
    {
        lock (door)
        {
            if (address is not null && FindByEmail(address) is not null)
                return null;
            ClerkEmail[] emails = address is null ? [] : [new(NewId("idn_"), address.Trim().ToLowerInvariant(), Verified: true)];
            var user = new ClerkUser(NewId("user_"), password, firstName, lastName, clock.GetUtcNow()) { Emails = emails, PrimaryEmailId = emails.FirstOrDefault()?.Id };
            return users[user.Id] = user;
        }
    }

    public ClerkUser? Change(string id, Func<ClerkUser, ClerkUser> change)
    {
        lock (door)
            return FindUser(id) is { } user ? users[id] = change(user) with { UpdatedAt = clock.GetUtcNow() } : null;
    }

    public bool Remove(string id)
    {
        if (!users.TryRemove(id, out _))
            return false;
        foreach (var session in sessions.Values.Where(session => session.UserId == id && session.IsLive))
            SetStatus(session.Id, "removed");
        return true;
    }

    public ClerkSession Open(ClerkUser user, string clientId)
    {
        users[user.Id] = user with { LastSignInAt = clock.GetUtcNow() };
        var session = new ClerkSession(NewId("sess_"), user.Id, clientId, clock.GetUtcNow());
        return sessions[session.Id] = session;
    }

    public ClerkSession? SetStatus(string id, string status) =>
        FindSession(id) is { } session ? sessions[id] = session with { Status = status } : null;

    public string NewDevBrowser(string clientId)
    {
        var id = NewId("dvb_");
        devBrowsers[id] = clientId;
        return id;
    }

    public string? ClientOf(string? devBrowser) => devBrowser is null ? null : devBrowsers.GetValueOrDefault(devBrowser);

    /// <summary>Keeps what does not fit into an address or a cookie, to be fetched once.</summary>
    public string Keep(IReadOnlyList<string> directives)
    {
        var nonce = NewId("");
        payloads[nonce] = directives;
        return nonce;
    }

    public IReadOnlyList<string>? Take(string nonce) => payloads.TryRemove(nonce, out var directives) ? directives : null;

    public static string NewId(string prefix) => prefix + "2" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 26);
}
