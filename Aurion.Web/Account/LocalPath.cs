namespace Aurion.Web.Account;

/// <summary>Where to go after sign-in: a path of this site that no browser can read as another host (open redirect, CWE-601).</summary>
public static class LocalPath
{
    public const string Dashboard = "/dashboard";

    private const int MaxLength = 2000;
    private static readonly Uri Anywhere = new("https://a.invalid");

    /// <summary>The path asked for when it is local, else the dashboard.</summary>
    public static string OrDashboard(string? asked) => IsLocal(asked) ? asked! : Dashboard;

    public static bool IsLocal(string? path) =>
        path is ['/', .. var rest]
        && rest is not ['/', ..]
        && path.Length <= MaxLength
        && path.All(IsPlain)
        && Uri.TryCreate(Anywhere, path, out var address)
        && address.Host == Anywhere.Host
        // "/./" and "/a/../" before a second slash collapse into "//host" in some readers.
        && !address.AbsolutePath.StartsWith("//", StringComparison.Ordinal)
        && !address.AbsolutePath.StartsWith("/account/sign-", StringComparison.OrdinalIgnoreCase);

    // Browsers drop tabs and line ends and turn a backslash into a slash; a header takes printable ASCII alone.
    private static bool IsPlain(char c) => c is > ' ' and < '\x7f' and not '\\';
}
