using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Aurion.Sandbox.Host;
using Npgsql;

namespace Aurion.Sandbox.Postgres;

/// <summary>A PostgreSQL server of our own on loopback: a child process with its own data folder, password and port.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(4);
    /// <summary>The role that owns every database of this server.</summary>
    public const string Owner = "aurion_owner";

    private const string TemporaryPrefix = "aurion-pg-";

    private readonly PostgresBinaries binaries;
    private readonly PostgresFolder folder;
    private readonly bool temporary;
    private int databases;

    private PostgresServer(PostgresBinaries binaries, PostgresFolder folder, bool temporary)
    {
        this.binaries = binaries;
        this.folder = folder;
        this.temporary = temporary;
    }

    public int Port { get; private set; }

    public Version Version => binaries.Version;

    /// <summary>The server's process; null where a server that was already running is used.</summary>
    public ChildProcess? Process { get; private set; }

    /// <summary>A private server for one test run: temporary folder, no fsync. Dispose stops it and removes the folder.</summary>
    public static async Task<PostgresServer> StartTemporaryAsync(CancellationToken ct = default)
    {
        var binaries = await PostgresBinaries.GetAsync(SandboxFolders.Downloads, Console.Error.WriteLine, ct);
        PostgresFolder.RemoveAbandoned(Path.GetTempPath(), TemporaryPrefix);
        var name = TemporaryPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var server = new PostgresServer(binaries, new PostgresFolder(Path.Combine(Path.GetTempPath(), name)), temporary: true);
        await server.StartAsync(ct);
        return server;
    }

    /// <summary>The server whose data folder this is: created the first time, used as it is when it is still alive.</summary>
    public static async Task<PostgresServer> StartAsync(string root, Action<string>? say = null, CancellationToken ct = default)
    {
        var binaries = await PostgresBinaries.GetAsync(SandboxFolders.Downloads, say, ct);
        var server = new PostgresServer(binaries, new PostgresFolder(Path.Combine(root, "postgres-" + binaries.Version.Major)), temporary: false);
        if (server.folder.User is { } user)
            say?.Invoke($"Running as root; PostgreSQL does not, so it runs as user '{user.Name}' in {server.folder.Root}.");
        await server.StartAsync(ct);
        return server;
    }

    /// <summary>The owner's connection string for one database of this server.</summary>
    public string ConnectionString(string database = "postgres") => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = Owner,
        Password = folder.Password,
        Database = database,
    }.ConnectionString;

    /// <summary>Creates a database, as a copy of a template in some tens of milliseconds, and gives the owner's connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string? name = null, string? template = null, CancellationToken ct = default)
    {
        name ??= string.Create(CultureInfo.InvariantCulture, $"aurion_{Interlocked.Increment(ref databases)}");
        await ExecuteAsync($"create database {Quote(name)} template {Quote(template ?? "template1")} strategy file_copy", ct);
        return ConnectionString(name);
    }

    /// <summary>Drops a database, ending whoever is still connected to it.</summary>
    public Task DropDatabaseAsync(string name, CancellationToken ct = default) =>
        ExecuteAsync($"drop database if exists {Quote(name)} with (force)", ct);

    public async Task<bool> HasDatabaseAsync(string name, CancellationToken ct = default)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(ct) is not null;
    }

    /// <summary>Stops the server (PostgreSQL's fast shutdown).</summary>
    public async ValueTask DisposeAsync()
    {
        if (OperatingSystem.IsWindows() || Process is null)
            await folder.RunAsync([binaries.PgCtl, "stop", "-w", "-m", "fast", "-D", folder.Data], CancellationToken.None);
        if (Process is not null)
            await Process.DisposeAsync();
        if (temporary)
            folder.Delete();
    }

    private async Task StartAsync(CancellationToken ct)
    {
        await folder.InitialiseAsync(binaries, ct);
        // A sandbox that was killed may have left its server running: take that one over.
        if (folder.RunningPort() is { } alive)
        {
            Port = alive;
            if (await IsReadyAsync(ct))
                return;
        }
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort.Any();
            Process = ChildProcess.Start("PostgreSQL", folder.AsUser([binaries.Postgres, "-D", folder.Data, .. Settings()]), folder.Root, stopSignal: "INT");
            if (await WaitUntilReadyAsync(Process, ct))
                return;
            // Between choosing a port and listening on it somebody else may have taken it.
            if (attempt == 3)
                throw new SandboxException($"PostgreSQL {Version} did not start in {folder.Root}:{Environment.NewLine}{Process.LastOutput}");
            await Process.DisposeAsync();
        }
    }

    private IEnumerable<string> Settings()
    {
        List<string> settings =
        [
            $"port={Port.ToString(CultureInfo.InvariantCulture)}", "listen_addresses=127.0.0.1", "unix_socket_directories=",
            "max_connections=300", "shared_buffers=256MB", "max_wal_size=4GB", "checkpoint_timeout=15min", "timezone=UTC", "log_timezone=UTC", "lc_messages=C",
        ];
        if (temporary)
            settings.AddRange(["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "jit=off"]);
        return settings.SelectMany(setting => new[] { "-c", setting });
    }

    private async Task<bool> WaitUntilReadyAsync(ChildProcess process, CancellationToken ct)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < ReadyWithin && !process.HasExited;)
        {
            if (await IsReadyAsync(ct))
                return true;
            await Task.Delay(25, ct);
        }
        return false;
    }

    private async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = await OpenAsync(ct);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        // Without a pool, so that nothing stays connected to a database that is to be a template.
        var connection = new NpgsqlConnection(ConnectionString() + ";Pooling=false");
        await connection.OpenAsync(ct);
        return connection;
    }

    private static string Quote(string identifier) => new NpgsqlCommandBuilder().QuoteIdentifier(identifier);
}
