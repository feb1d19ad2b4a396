namespace Aurion.Web.Account.Identities;

/// <summary>The names under which identities are kept.</summary>
public static class IdentityProviders
{
    public const string Clerk = "clerk";
    public const string Google = "google";
    public const string GitHub = "github";

    /// <summary>As people write it.</summary>
    public static string NameOf(string provider) => provider switch
    {
        Clerk => "Clerk",
        Google => "Google",
        _ => "GitHub",
    };
}
