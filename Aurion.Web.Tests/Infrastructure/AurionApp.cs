using Aurion.Data.Tools;
using Aurion.Sandbox.Postgres;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Tools;
using Dapper;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>
/// The real application on Kestrel and a database of its own, with a clock that can be moved. Use it as
/// <c>IClassFixture&lt;AurionApp&gt;</c>; a subclass may change settings or services.
/// </summary>
public class AurionApp : WebApplicationFactory<Program>, IAsyncLifetime
{
    /// <summary>Signs the session tokens.</summary>
    public const string JwtSecret = "sandbox-secret-of-the-test-run-0123456789";
    /// <summary>Fewer than the product's, which take a tenth of a second for each sign-in; the browser's tests hold that figure.</summary>
    public const int PasswordIterations = 2000;
    private readonly TestTokens tokens = new(JwtSecret, "http://127.0.0.1:5080");
    private int users;

    public TestClock Clock { get; } = new();

    /// <summary>The owner's connection string, for what a test wants to see or arrange past row-level security.</summary>
    public string OwnerConnectionString { get; protected set; } = "";

    /// <summary>Environment variables, by the names of docs/SETTINGS.md.</summary>
    protected virtual IDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // The server of a test run waits for no disk; what is acknowledged on a server of its own must outlive that server's processes.
        ["ConnectionStrings:Aurion"] = TestDatabases.AsApplication(OwnerConnectionString) + (OwnServer is null ? "" : ";Options=-c synchronous_commit=on"),
        ["AURION_PUBLIC_URL"] = "http://127.0.0.1:5080",
        ["AURION_TOOLS_ORIGIN"] = "http://127.0.0.1:5085",
        ["AURION_ADMINS"] = "admin@test.example",
        // All the people of the tests live in one house.
        ["AURION_ACCOUNTS_PER_NETWORK"] = "1000000",
        ["JWT_SECRET"] = JwtSecret,
        ["STRIPE_SECRET_KEY"] = "sk_test_sandbox_tests",
        ["STRIPE_WEBHOOK_SECRET"] = "whsec_sandbox_tests",
        ["STRIPE_API_BASE"] = "http://127.0.0.1:9",
    };

    protected virtual string EnvironmentName => "Development";

    /// <summary>A server that the test may restart; null for the one of the whole run.</summary>
    protected virtual PostgresServer? OwnServer => null;

    public virtual async Task InitializeAsync()
    {
        OwnerConnectionString = await TestDatabases.CreateAsync(OwnServer);
        UseKestrel();
        StartServer();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await TestDatabases.DropAsync(OwnerConnectionString);
    }

    /// <summary>Waits until database and job engine are there.</summary>
    public Task ReadyAsync() =>
        Eventually.HoldsAsync(async () => (await Anonymous().GetAsync("/health/ready")).IsSuccessStatusCode, "the application is ready");

    /// <summary>A browser that nobody is signed in with.</summary>
    public TestClient Anonymous() => Browser(new CookieJar());

    /// <summary>A browser with the user's session cookie.</summary>
    public TestClient SignedInAs(TestUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Browser(new CookieJar { ["aurion"] = user.Token });
    }

    /// <summary>A program that calls the API with the user's bearer token.</summary>
    public TestClient WithToken(TestUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return WithToken(user.Token);
    }

    public TestClient WithToken(string token)
    {
        var program = Anonymous();
        program.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return program;
    }

    /// <summary>Somebody with exactly this many credits left; 100 on the free plan when nothing is said.</summary>
    public async Task<TestUser> GivenUserAsync(int? credits = null, string? email = null)
    {
        email ??= $"user{Interlocked.Increment(ref users)}@test.example";
        var (now, id) = (Clock.GetUtcNow(), NewId());
        await ExecuteAsync("INSERT INTO auth.users (id, email, created_at) VALUES (@id, @email, @now)", new { id, email, now });
        if (credits is { } left)
            await ExecuteAsync("""
                UPDATE user_credits SET total_credits = greatest(total_credits, @left), used_credits = greatest(total_credits - @left, 0)
                 WHERE user_id = @id
                """, new { id, left });
        return await SignInAsync(id, email);
    }

    /// <summary>Another session of a user who may already have one.</summary>
    public async Task<TestUser> SignInAsync(Guid id, string email)
    {
        var (now, session) = (Clock.GetUtcNow(), NewId());
        await ExecuteAsync("""
            INSERT INTO account_sessions (user_id, id, created_at, expires_at, last_seen_at)
            VALUES (@id, @session, @now, @now + interval '30 days', @now)
            """, new { id, session, now });
        return new(id, email, tokens.Issue(id, email, session, now));
    }

    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = new NpgsqlConnection(OwnerConnectionString);
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = new NpgsqlConnection(OwnerConnectionString);
        return (await connection.QueryAsync<T>(sql, parameters)).AsList();
    }

    public async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = new NpgsqlConnection(OwnerConnectionString);
        return await connection.ExecuteAsync(sql, parameters);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(EnvironmentName);
        // As a setting: the factory would set a port of its own when the server may have started already.
        builder.UseSetting("urls", "http://127.0.0.1:0");
        foreach (var (name, value) in Settings)
            builder.UseSetting(name, value);
        builder.ConfigureTestServices(ConfigureServices);
    }

    /// <summary>Whether Aurion's own tools can be launched, although there is no key of their provider.</summary>
    protected virtual bool SellsTools => true;

    protected virtual void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(_ => new PasswordHashing(PasswordIterations));
        // No job runs at the start: a new database has nothing for them to do, and they take a second of CPU for each host.
        // The tests of the sandbox and of the browser start the web with its own schedule.
        services.AddSingleton<IReadOnlyList<RecurringJob>>([.. Schedule.Jobs.Select(job => job with { AtStart = false })]);
        if (SellsTools)
            foreach (var missing in services.Where(service => service.ImplementationInstance is UnconfiguredTool tool && OwnTools.Ids.Contains(tool.Id)).ToList())
                services.Remove(missing);
    }

    /// <summary>Whether an event of Stripe's waits to be taken, or is being applied.</summary>
    protected Task<bool> IsEventDueAsync() => ScalarAsync<bool>(
        "SELECT EXISTS (SELECT FROM stripe_events WHERE state = 'processing' OR (state = 'received' AND next_attempt_at <= @now))", new { now = Clock.GetUtcNow() });

    /// <summary>For tests that run each job themselves: the engine would run one in between, at a time that nobody meant.</summary>
    protected static void WithoutJobEngine(IServiceCollection services)
    {
        WithoutWorkers(services);
        services.Remove(services.Single(service => service.ImplementationFactory is Func<IServiceProvider, JobQueue>));
    }

    /// <summary>For a node that enqueues jobs and runs none.</summary>
    protected static void WithoutWorkers(IServiceCollection services) =>
        services.Remove(services.Single(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationFactory?.Method.ReturnType.FullName?.StartsWith("Hangfire.", StringComparison.Ordinal) == true));

    private Guid NewId() => Guid.CreateVersion7(Clock.GetUtcNow());

    /// <summary>A browser with these cookies.</summary>
    public TestClient Browser(CookieJar jar)
    {
        ArgumentNullException.ThrowIfNull(jar);
        jar.InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        return new(new HttpClient(jar) { BaseAddress = ClientOptions.BaseAddress }, jar);
    }
}
