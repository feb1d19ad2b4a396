using System.Diagnostics;
using System.Net;
using Aurion.Data;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aurion.Web.Tests.Data;

/// <summary>The pool of the pages: small, never reset, and nobody else's.</summary>
public sealed class ConnectionTests(ConnectionTests.SmallPool app) : IClassFixture<ConnectionTests.SmallPool>
{
    private const int Connections = 3;
    private const int Patience = 2;

    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("SELECT 1 / 0")]
    [InlineData("SELECT 1 FROM pg_sleep(30)")]
    public async Task What_a_reading_sets_is_gone_from_its_connection_however_it_ended(string sql)
    {
        var user = await app.GivenUserAsync();
        await using var services = Data("Maximum Pool Size=1");
        var database = services.GetRequiredService<Database>();
        var server = await BackendAsync(database);

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await Record.ExceptionAsync(() => database.ListAsync<int>(user.Id, sql, ct: patience.Token));

        Assert.Equal((server, "aurion_web", "", "auto", 0), await StateAsync(database));
    }

    [Fact]
    public async Task Who_listens_does_so_on_a_connection_that_no_page_is_given_afterwards()
    {
        await using var services = Data("Maximum Pool Size=1");
        var database = services.GetRequiredService<Database>();
        using var listening = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.ListenAsync(["aurion_balance"], listening.CancelAsync, (_, _) => { }, listening.Token));

        Assert.Equal(0, (await StateAsync(database)).Channels);
    }

    [Theory]
    [InlineData("", 16)]
    [InlineData("Maximum Pool Size=40", 40)]
    [InlineData("MaxPoolSize=50", 50)]
    [InlineData("Minimum Pool Size=30", 30)]
    public void The_pool_holds_sixteen_unless_the_connection_string_says_otherwise(string said, int expected)
    {
        using var services = new ServiceCollection().AddAurionData("Host=127.0.0.1;Username=nobody;" + said).BuildServiceProvider();

        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(services.GetRequiredService<NpgsqlDataSource>().ConnectionString).MaxPoolSize);
    }

    [Theory]
    [InlineData(false, "/credits")]
    [InlineData(true, "/dashboard")]
    public async Task While_every_connection_is_stuck_pages_answer_503_after_a_while_and_launches_and_payments_go_on(bool grouped, string page)
    {
        var user = await app.GivenUserAsync();
        await app.ReadyAsync();
        Assert.Equal(HttpStatusCode.OK, (await LaunchAsync(user)).StatusCode);
        var database = app.Services.GetRequiredService<Database>();
        var stuck = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ => await (grouped ? database.OpenGroupReadAsync() : database.OpenAsync())));
        var begun = Stopwatch.GetTimestamp();

        var pages = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.SignedInAs(user).GetAsync(page)));
        Assert.Equal(HttpStatusCode.OK, (await LaunchAsync(user)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SignedEvents.SendSignedAsync(app, SignedEvents.Body(grouped ? "evt_while_grouped_stuck" : "evt_while_stuck"))).StatusCode);
        Assert.All(await pages, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode));
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, Patience - 0.5, Patience * 4);

        foreach (var connection in stuck)
            await connection.DisposeAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync(page)).StatusCode);
    }

    private Task<HttpResponseMessage> LaunchAsync(TestUser user) => app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor", newSession = true });

    private ServiceProvider Data(string settings) => new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddAurionData(TestDatabases.AsApplication(app.OwnerConnectionString) + ";" + settings)
        .BuildServiceProvider();

    private static async Task<int> BackendAsync(Database database)
    {
        await using var connection = await database.OpenAsync();
        return connection.ProcessID;
    }

    private static async Task<(int Server, string Role, string Claims, string Plans, int Channels)> StateAsync(Database database)
    {
        await using var connection = await database.OpenAsync();
        return await connection.QuerySingleAsync<(int, string, string, string, int)>("""
            SELECT pg_backend_pid(), current_user::text, coalesce(current_setting('request.jwt.claims', true), ''), current_setting('plan_cache_mode'),
                   (SELECT count(*)::integer FROM pg_listening_channels())
            """);
    }

    public sealed class SmallPool : AurionApp
    {
        protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
        {
            ["ConnectionStrings:Aurion"] = new NpgsqlConnectionStringBuilder(TestDatabases.AsApplication(OwnerConnectionString)) { MaxPoolSize = Connections, Timeout = Patience }.ConnectionString,
        };
    }
}
