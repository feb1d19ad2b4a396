using Aurion.Sandbox.Postgres;

namespace Aurion.Testing;

/// <summary>One real PostgreSQL for the whole run of a test project.</summary>
public static class TestPostgres
{
    private static readonly Lazy<Task<PostgresServer>> Running = new(StartAsync);

    public static Task<PostgresServer> ServerAsync() => Running.Value;

    private static async Task<PostgresServer> StartAsync()
    {
        var server = await PostgresServer.StartTemporaryAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return server;
    }
}
