using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Aurion.Bench;

/// <summary>The same work done the usual Node way (folder peers), beside the instance and on its database.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private Peer(Process node, Uri address) => (Node, Address) = (node, address);

    public Process Node { get; }

    public Uri Address { get; }

    /// <summary>Launches by seven queries, pages by Express and EJS. Null, and a word on the error output, where Node is missing.</summary>
    public static async Task<Peer?> StartAsync(BenchTarget target)
    {
        try
        {
            await InstallAsync(Folder());
            await PrepareAsync(target);
            return await StartAsync(target, Folder());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            await Console.Error.WriteLineAsync("Node is not installed: the Node sides are left out.");
            return null;
        }
    }

    /// <summary>The pages by Next.js, which reads what the other Node side reads: start that first. Null, and a word on the error output, where it cannot be had.</summary>
    public static async Task<Peer?> StartNextAsync(BenchTarget target)
    {
        try
        {
            var folder = Path.Combine(Folder(), "next");
            await InstallAsync(folder);
            await RunAsync("node", folder, Path.Combine("node_modules", "next", "dist", "bin", "next"), "build");
            return await StartAsync(target, folder);
        }
        catch (InvalidOperationException fault)
        {
            await Console.Error.WriteLineAsync($"{fault.Message} Next.js is left out.");
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Node.Kill();
        await Node.WaitForExitAsync();
        Node.Dispose();
    }

    private static async Task<Peer> StartAsync(BenchTarget target, string folder)
    {
        var node = Process.Start(new ProcessStartInfo("node", "server.mjs")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["NODE_ENV"] = "production", ["DATABASE_URL"] = Url(target), ["JWT_SECRET"] = target.JwtSecret, ["NEXT_TELEMETRY_DISABLED"] = "1" },
        })!;
        int port;
        // Next.js says a word of its own first.
        while (!int.TryParse(await node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The peer in {folder} did not start."), CultureInfo.InvariantCulture, out port))
        {
        }
        return new Peer(node, new Uri($"http://127.0.0.1:{port}"));
    }

    private static async Task InstallAsync(string folder)
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            await RunAsync("npm", folder, "ci", "--silent");
    }

    private static string Folder()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (Directory.Exists(Path.Combine(at.FullName, "peers")))
                return Path.Combine(at.FullName, "peers");
        throw new DirectoryNotFoundException("The folder peers is missing beside the benchmark.");
    }

    private static async Task RunAsync(string program, string folder, params string[] arguments)
    {
        // Its words must not stand in the table.
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["NEXT_TELEMETRY_DISABLED"] = "1" },
        })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {said}");
    }

    private static string Url(BenchTarget target)
    {
        var database = new NpgsqlConnectionStringBuilder(target.Database);
        return $"postgres://{database.Username}:{Uri.EscapeDataString(database.Password!)}@{database.Host}:{database.Port}/{database.Database}";
    }

    // The tables of the original's guide as it made them: no chain, no row-level security, an index for each look-up.
    private static async Task PrepareAsync(BenchTarget target)
    {
        await using var source = target.Connect(1);
        await using var prepare = source.CreateCommand("""
            DROP SCHEMA IF EXISTS peer CASCADE;
            CREATE SCHEMA peer;
            CREATE TABLE peer.profiles (id uuid PRIMARY KEY, email text NOT NULL);
            CREATE TABLE peer.user_plans (user_id uuid PRIMARY KEY REFERENCES peer.profiles, plan_type text NOT NULL, status text NOT NULL);
            CREATE TABLE peer.user_credits (
                user_id uuid PRIMARY KEY REFERENCES peer.profiles, total_credits integer NOT NULL, used_credits integer NOT NULL, bonus_credits integer NOT NULL);
            CREATE TABLE peer.usage_logs (
                id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES peer.profiles, action_type text NOT NULL,
                credits_used integer NOT NULL, metadata jsonb, created_at timestamptz NOT NULL DEFAULT now());
            CREATE INDEX ON peer.usage_logs (user_id, created_at DESC);
            CREATE TABLE peer.tool_sessions (
                id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES peer.profiles, tool_id text NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz NOT NULL);
            CREATE INDEX ON peer.tool_sessions (user_id, tool_id, expires_at);
            INSERT INTO peer.profiles SELECT id, email FROM profiles;
            INSERT INTO peer.user_plans SELECT user_id, plan_type, status FROM user_plans WHERE user_id IN (SELECT id FROM peer.profiles);
            INSERT INTO peer.user_credits SELECT user_id, 100000000, 0, 0 FROM user_credits WHERE user_id IN (SELECT id FROM peer.profiles);
            ANALYZE peer.profiles, peer.user_plans, peer.user_credits, peer.tool_sessions
            """);
        await prepare.ExecuteNonQueryAsync();
    }
}
