using Aurion.Sandbox.Postgres;
using Npgsql;

namespace Aurion.Sandbox.Host;

/// <summary>The database of this run: the one that ConnectionStrings__Aurion names, else one on a private server.</summary>
internal sealed class SandboxDatabase : IAsyncDisposable
{
    private const string Name = "aurion";
    private const string StripeName = "aurion_stripe";
    private const string ApplicationRole = "aurion_app";

    private readonly PostgresServer? server;

    private SandboxDatabase(string owner, string application, string stripe, PostgresServer? server)
    {
        Owner = owner;
        Application = application;
        Stripe = stripe;
        this.server = server;
    }

    /// <summary>For migrations, seed and whoever looks into the database by hand.</summary>
    public string Owner { get; }

    /// <summary>For the web: a role that owns nothing.</summary>
    public string Application { get; }

    /// <summary>For the Stripe stand-in's own state, out of the product's way.</summary>
    public string Stripe { get; }

    public ChildProcess? Process => server?.Process;

    public static async Task<SandboxDatabase> StartAsync(SandboxHome home, SandboxSecrets secrets, bool fresh, Action<string> say, CancellationToken ct)
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__Aurion") is { Length: > 0 } given)
            return Given(given, secrets, fresh);

        var server = await PostgresServer.StartAsync(home.Folder, say, ct);
        foreach (var name in new[] { Name, StripeName })
        {
            if (fresh)
                await server.DropDatabaseAsync(name, ct);
            if (!await server.HasDatabaseAsync(name, ct))
                await server.CreateDatabaseAsync(name, ct: ct);
        }
        var owner = server.ConnectionString(Name);
        return new SandboxDatabase(owner, AsApplication(owner, secrets), server.ConnectionString(StripeName), server);
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static SandboxDatabase Given(string application, SandboxSecrets secrets, bool fresh)
    {
        if (fresh)
            throw new SandboxException("--fresh would empty the database that ConnectionStrings__Aurion names. Unset that variable, or empty the database yourself.");
        // With one connection string only, it is the owner's, and migrate makes the application's role.
        return Environment.GetEnvironmentVariable("ConnectionStrings__AurionOwner") is { Length: > 0 } owner
            ? new SandboxDatabase(owner, application, owner, null)
            : new SandboxDatabase(application, AsApplication(application, secrets), application, null);
    }

    private static string AsApplication(string owner, SandboxSecrets secrets) => new NpgsqlConnectionStringBuilder(owner)
    {
        Username = ApplicationRole,
        Password = secrets.ApplicationRolePassword,
    }.ConnectionString;
}
