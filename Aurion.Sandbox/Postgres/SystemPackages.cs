using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.Postgres;

/// <summary>Installs PostgreSQL from the system's packages where that needs no question: as root, with apt.</summary>
internal static class SystemPackages
{
    public static async Task<PostgresBinaries?> InstallAsync(Action<string>? say, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess || Programs.Find("apt-get") is not { } apt)
            return null;
        say?.Invoke("PostgreSQL is not installed; running apt-get install postgresql (once).");
        // --no-install-recommends, and no cluster of the system's own: only the programs are wanted.
        var quiet = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" };
        string[] install = [apt, "install", "-y", "-q", "--no-install-recommends", "postgresql"];
        var (code, _) = await ChildProcess.RunAsync(install, "/", quiet, ct);
        if (code != 0)
        {
            await ChildProcess.RunAsync([apt, "update", "-q"], "/", quiet, ct);
            await ChildProcess.RunAsync(install, "/", quiet, ct);
        }
        return await PostgresBinaries.FindAsync(PostgresBinaries.InstalledFolders(), ct);
    }
}
