namespace Aurion.Web.Account.Clerk;

/// <summary>How long a person waits for Clerk: for any call, and for a sign-out that can also reach Clerk later.</summary>
public sealed record ClerkPatience(TimeSpan Call, TimeSpan SignOut)
{
    public static ClerkPatience Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2));
}
