using System.Security.Cryptography;
using System.Text;

namespace Aurion.Sandbox.Host;

/// <summary>Where the sandbox keeps what outlives a run.</summary>
internal static class SandboxFolders
{
    /// <summary>Programs that were fetched, shared by every clone.</summary>
    public static string Downloads => Path.Combine(UserData, "downloads");

    // PostgreSQL runs as another user when we are root, and that user cannot enter root's home.
    private static string UserData =>
        Environment.GetEnvironmentVariable("AURION_SANDBOX_HOME") is { Length: > 0 } chosen ? Path.GetFullPath(chosen)
        : !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess ? "/var/lib/aurion-sandbox"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "aurion-sandbox");

    /// <summary>The data of the clone at <paramref name="repository"/>; each clone has its own database.</summary>
    public static string ForClone(string repository)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(repository)))[..12];
        return Path.Combine(UserData, name);
    }
}
