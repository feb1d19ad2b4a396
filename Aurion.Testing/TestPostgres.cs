using Aurion.Sandbox.Host;
using Aurion.Sandbox.Postgres;

namespace Aurion.Testing;

/// <summary>One real PostgreSQL for the whole run of a test project.</summary>
public static class TestPostgres
{
    private static readonly Lazy<Task<PostgresServer>> Running = new(StartAsync);

    public static Task<PostgresServer> ServerAsync() => Running.Value;

    /// <summary>Runs a shell script on the server of a data folder, <c>$data</c>. Its programs run as whoever owns the folder, by <c>as_owner</c>: PostgreSQL refuses root.</summary>
    public static async Task RunAsync(string script, string data)
    {
        var binaries = await PostgresBinaries.GetAsync(Path.GetTempPath());
        var (code, output) = await ChildProcess.RunAsync(["/bin/sh", "-c", $$"""
            data={{data}}; PATH={{binaries.Folder}}:$PATH
            options=$(sed -e 's/^[^ ]* //' "$data/postmaster.opts")
            as_owner() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=$(stat -c %u $data) --regid=$(stat -c %g $data) --clear-groups -- "$@"; else "$@"; fi; }
            cd / && {{script}}
            """], "/");
        Assert.True(code == 0, output);
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var server = await PostgresServer.StartTemporaryAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return server;
    }
}
