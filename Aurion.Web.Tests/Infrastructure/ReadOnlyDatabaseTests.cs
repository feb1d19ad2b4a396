using System.Net;
using Aurion.Web.Tests.Account;
using Dapper;
using Npgsql;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>A host whose disk is nearly full lets the database be read and no longer written.</summary>
public sealed class ReadOnlyDatabaseTests(QuietApp app) : IClassFixture<QuietApp>
{
    [Fact]
    public async Task Pages_that_only_read_work_nothing_is_answered_that_was_not_written_and_ready_says_so()
    {
        var user = await app.GivenUserAsync();
        var (reader, program) = (app.SignedInAs(user), app.WithToken(user));
        await app.Anonymous().SignUpAsync("read.only@test.example");
        // Long enough ago that its use is to be noted.
        await app.ExecuteAsync("UPDATE account_sessions SET last_seen_at = last_seen_at - interval '1 hour'");
        await SwitchAsync("SET default_transaction_read_only = on");
        try
        {
            // The connections that were cut are thrown out of their pools one by one.
            await Eventually.HoldsAsync(async () => (await reader.GetAsync("/dashboard")).StatusCode == HttpStatusCode.OK, "a signed-in page is read again");
            foreach (var page in new[] { "/dashboard", "/credits", "/billing", "/tools", "/account" })
                Assert.Equal((page, HttpStatusCode.OK), (page, (await reader.GetAsync(page)).StatusCode));
            foreach (var page in new[] { "/", "/pricing", "/account/sign-in" })
                Assert.Equal((page, HttpStatusCode.OK), (page, (await app.Anonymous().GetAsync(page)).StatusCode));

            var launch = await program.PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" });
            Assert.Equal(HttpStatusCode.ServiceUnavailable, launch.StatusCode);
            Assert.NotNull(launch.Headers.RetryAfter);

            Assert.Contains("read-only", await (await app.Anonymous().GetAsync("/health/ready")).Content.ReadAsStringAsync());
            Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().GetAsync("/health/live")).StatusCode);
        }
        finally
        {
            await SwitchAsync("RESET default_transaction_read_only");
        }

        // The connections that were cut are thrown out of their pools one by one.
        await Eventually.HoldsAsync(
            async () => (await program.PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" })).StatusCode == HttpStatusCode.OK, "a launch works again");
    }

    private async Task SwitchAsync(string setting)
    {
        var writable = new NpgsqlConnectionStringBuilder(app.OwnerConnectionString) { Options = "-c default_transaction_read_only=off", Pooling = false };
        await using (var connection = new NpgsqlConnection(writable.ConnectionString))
            await connection.ExecuteAsync($"ALTER DATABASE \"{writable.Database}\" {setting}");
        await app.ExecuteAsync("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        NpgsqlConnection.ClearAllPools();
        for (var tries = 0; tries < 50 && (await app.Anonymous().GetAsync("/account/sign-in")).StatusCode != HttpStatusCode.OK; tries++)
            await Task.Delay(100);
    }
}
