using System.Diagnostics;
using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

public sealed class LostConnectionTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task An_ending_that_no_node_could_hear_of_counts_all_the_same()
    {
        var user = await app.GivenUserAsync();
        var browser = app.WithToken(user);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account/sign-out")).StatusCode);

        Assert.True(await app.ScalarAsync<long>("""
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            """) > 0);
        await app.ExecuteAsync("UPDATE account_sessions SET revoked_at = now() WHERE user_id = @Id", user);

        var waited = Stopwatch.StartNew();
        while ((await browser.GetAsync("/account/sign-out")).StatusCode != HttpStatusCode.Redirect)
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(1), "the token still works after a second");
    }
}
