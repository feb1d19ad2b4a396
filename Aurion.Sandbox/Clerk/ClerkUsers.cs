namespace Aurion.Sandbox.Clerk;

/// <summary>What happens to users, told to the webhooks' receiver as it happens.</summary>
internal sealed class ClerkUsers(ClerkStore store, ClerkWebhooks webhooks)
{
    /// <summary>Null when the address is taken.</summary>
    public ClerkUser? Create(string? address, string password, string? firstName, string? lastName)
    {
        if (store.Add(address, password, firstName, lastName) is not { } user)
            return null;
        webhooks.Tell("user.created", user.Describe());
        return user;
    }

    public ClerkUser? Update(string id, Func<ClerkUser, ClerkUser> change)
    {
        if (store.Change(id, change) is not { } user)
            return null;
        webhooks.Tell("user.updated", user.Describe());
        return user;
    }

    /// <summary>Null when there is no such user.</summary>
    public object? Delete(string id)
    {
        if (!store.Remove(id))
            return null;
        var deleted = new { id, @object = "user", deleted = true };
        webhooks.Tell("user.deleted", deleted);
        return deleted;
    }

    public ClerkSession SignIn(ClerkUser user, string clientId)
    {
        var session = store.Open(user, clientId);
        webhooks.Tell("session.created", session.Describe());
        return session;
    }

    /// <summary>By the Backend API a session is revoked, by its owner it is ended. Null when there is none.</summary>
    public ClerkSession? SignOut(string sessionId, string status = "revoked")
    {
        if (store.SetStatus(sessionId, status) is not { } session)
            return null;
        webhooks.Tell("session." + status, session.Describe());
        return session;
    }
}
