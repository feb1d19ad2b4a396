using System.Globalization;
using System.Security.Cryptography;
using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.Postgres;

/// <summary>The folder of one private server: its data, its password, and the user who may open them.</summary>
internal sealed class PostgresFolder(string root)
{
    public string Root => root;

    public string Data { get; } = Path.Combine(root, "data");

    public UnprivilegedUser? User { get; } = UnprivilegedUser.Find();

    public string Password { get; private set; } = "";

    private string PasswordFile => Path.Combine(root, "password");

    public async Task InitialiseAsync(PostgresBinaries binaries, CancellationToken ct)
    {
        if (File.Exists(PasswordFile) && File.Exists(Path.Combine(Data, "PG_VERSION")))
        {
            Password = await File.ReadAllTextAsync(PasswordFile, ct);
            return;
        }
        // A first start that was interrupted leaves half a cluster behind.
        Delete();
        SecretFile.CreateFolder(root);
        Password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        SecretFile.Write(PasswordFile, Password);
        if (User is not null)
            await User.OwnAsync(root, ct);
        // lower() must know accents, so the locale is UTF-8 where the system has one under the same name everywhere.
        var locale = OperatingSystem.IsLinux() ? "C.UTF-8" : "C";
        string[] initdb =
        [
            binaries.Initdb, "-D", Data, "-U", PostgresServer.Owner, "--pwfile=" + PasswordFile, "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=" + locale, "--no-sync", "--no-instructions",
        ];
        var (code, output) = await RunAsync(initdb, ct);
        if (code != 0)
            throw new SandboxException($"initdb failed in {root}:{Environment.NewLine}{output}");
    }

    /// <summary>The port that the server of this folder says it listens on, or null when it has none.</summary>
    public int? RunningPort()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(file))
            return null;
        var lines = File.ReadAllLines(file);
        return lines.Length > 3 && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port) ? port : null;
    }

    public Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> command, CancellationToken ct) =>
        ChildProcess.RunAsync(AsUser(command), root, ct: ct);

    public IReadOnlyList<string> AsUser(IReadOnlyList<string> command) => User?.Wrap(command) ?? command;

    /// <summary>Removes what test runs left behind that were killed: folders of a while ago whose server has stopped.</summary>
    public static void RemoveAbandoned(string parent, string prefix)
    {
        var before = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-10);
        foreach (var folder in Directory.EnumerateDirectories(parent, prefix + "*").Where(folder => Directory.GetLastWriteTimeUtc(folder) < before))
        {
            try
            {
                // A server that is alive, or that was killed itself, has this file; the first must stay, the second is rare.
                if (!File.Exists(Path.Combine(folder, "data", "postmaster.pid")))
                    Directory.Delete(folder, recursive: true);
            }
            catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
            {
                // Another run removes it at this moment, or it belongs to somebody else.
            }
        }
    }

    public void Delete()
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }
}
