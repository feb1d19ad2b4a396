using System.Net;
using Npgsql;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task While_the_database_is_away_everything_is_503_and_afterwards_all_is_well_again()
    {
        var app = new App();
        await app.InitializeAsync();
        try
        {
            var user = await app.GivenUserAsync();
            await app.ReadyAsync();
            Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync("/tools")).StatusCode);

            app.Cable.Pull();

            await AssertUnavailableAsync(await app.SignedInAs(user).GetAsync("/tools"), "text/html");
            await AssertUnavailableAsync(await app.SignedInAs(user).GetAsync("/account/sign-in"), "text/html");
            await AssertUnavailableAsync(await app.SignedInAs(user).SendFormAsync("/account/sign-out", []), "text/html");
            await AssertUnavailableAsync(await app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId = "app-builder" }), "application/problem+json");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.Anonymous().GetAsync("/health/ready")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().GetAsync("/health/live")).StatusCode);

            var page = await (await app.SignedInAs(user).GetAsync("/dashboard")).Content.ReadAsStringAsync();
            Assert.Contains("Back in a moment", page);
            Assert.Contains("href=\"/dashboard\"", page);
            Assert.DoesNotContain("href=\"/account/sign-in\"", page);
            Assert.Contains("href=\"/account/sign-in\"", await (await app.Anonymous().GetAsync("/account/sign-in")).Content.ReadAsStringAsync());
            var stylesheet = page.Split("<link rel=\"stylesheet\" href=\"")[1].Split('"')[0];
            Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync(stylesheet)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync("/health/live")).StatusCode);

            app.Cable.Plug();

            await app.ReadyAsync();
            Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync("/tools")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId = "app-builder" })).StatusCode);
        }
        finally
        {
            await ((IAsyncLifetime)app).DisposeAsync();
        }
    }

    [Fact]
    public async Task It_starts_without_its_database_and_finds_it_later()
    {
        var app = new App { PulledAtStart = true };
        await app.InitializeAsync();
        try
        {
            Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().GetAsync("/health/live")).StatusCode);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.Anonymous().GetAsync("/health/ready")).StatusCode);

            app.Cable.Plug();

            await app.ReadyAsync();
        }
        finally
        {
            await ((IAsyncLifetime)app).DisposeAsync();
        }
    }

    [Fact]
    public async Task After_the_server_ended_every_connection_the_next_page_and_the_next_launch_find_living_ones()
    {
        var app = new App();
        await app.InitializeAsync();
        try
        {
            var user = await app.GivenUserAsync();
            await app.ReadyAsync();
            Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync("/dashboard")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId = "app-builder" })).StatusCode);

            var ended = await app.ScalarAsync<DateTime>("""
                SELECT max(now()) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() OFFSET 0) AS every
                """);
            await Eventually.HoldsAsync(
                () => app.ScalarAsync<bool>("SELECT count(*) >= 3 FROM pg_stat_activity WHERE datname = current_database() AND backend_start > @ended AND pid <> pg_backend_pid()", new { ended }),
                "the listeners are back");

            Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync("/dashboard")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" })).StatusCode);
        }
        finally
        {
            await ((IAsyncLifetime)app).DisposeAsync();
        }
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage response, string mediaType)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("5", Assert.Single(response.Headers.GetValues("Retry-After")));
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(await response.Content.ReadAsStringAsync());
    }

    private sealed class App : AurionApp
    {
        public bool PulledAtStart { get; init; }

        public Cable Cable { get; private set; } = null!;

        protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
        {
            ["ConnectionStrings:Aurion"] = new NpgsqlConnectionStringBuilder(TestDatabases.AsApplication(OwnerConnectionString)) { Port = Cable.Port, Timeout = 3 }.ConnectionString,
        };

        public override async Task InitializeAsync()
        {
            Cable = new Cable((await TestDatabases.ServerAsync()).Port);
            if (PulledAtStart)
                Cable.Pull();
            await base.InitializeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
                Cable.Dispose();
        }
    }
}
