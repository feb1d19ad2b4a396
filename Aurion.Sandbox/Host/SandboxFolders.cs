namespace Aurion.Sandbox.Host;

/// <summary>Where the sandbox keeps what outlives a run.</summary>
internal static class SandboxFolders
{
    // PostgreSQL runs as another user when we are root, and that user cannot enter root's home.
    public static string UserData { get; } =
        Environment.GetEnvironmentVariable("AURION_SANDBOX_HOME") is { Length: > 0 } chosen ? Path.GetFullPath(chosen)
        : !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess ? "/var/lib/aurion-sandbox"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "aurion-sandbox");

    /// <summary>Programs that were fetched, shared by every clone.</summary>
    public static string Downloads => Path.Combine(UserData, "downloads");
}
