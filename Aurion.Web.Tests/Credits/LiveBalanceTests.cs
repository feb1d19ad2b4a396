using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Credits;

public sealed class LiveBalanceTests(AurionApp app) : IClassFixture<AurionApp>
{
    private const string Listeners = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'aurion listener'";

    [Fact]
    public async Task A_stream_begins_with_the_balance_of_now()
    {
        var user = await app.GivenUserAsync(credits: 70);

        await using var stream = await LiveStream.OpenAsync(app.SignedInAs(user));

        Assert.Equal(70, await stream.NextAvailableAsync());
    }

    [Fact]
    public async Task A_launch_in_another_tab_shows_in_every_open_stream_within_a_second()
    {
        var user = await app.GivenUserAsync();
        await using var first = await LiveStream.OpenAsync(app.SignedInAs(user));
        await using var second = await LiveStream.OpenAsync(app.SignedInAs(user));
        Assert.Equal((100, 100), (await first.NextAvailableAsync(), await second.NextAvailableAsync()));

        await app.SignedInAs(user).PostFormAsync("/tools/app-builder");

        await first.WaitForAsync(50, TimeSpan.FromSeconds(1));
        await second.WaitForAsync(50, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_statement_typed_by_hand_shows_too()
    {
        var user = await app.GivenUserAsync();
        await using var stream = await LiveStream.OpenAsync(app.SignedInAs(user));

        await app.ExecuteAsync("UPDATE user_credits SET used_credits = total_credits WHERE user_id = @Id", new { user.Id });

        await stream.WaitForAsync(0, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Nobody_hears_of_another_persons_balance()
    {
        var (user, other) = (await app.GivenUserAsync(credits: 60), await app.GivenUserAsync(credits: 80));
        await using var stream = await LiveStream.OpenAsync(app.SignedInAs(user));
        Assert.Equal(60, await stream.NextAvailableAsync());

        await app.SignedInAs(other).PostFormAsync("/tools/app-builder");
        await app.SignedInAs(user).PostFormAsync("/tools/text-editor");

        Assert.Equal(55, await stream.NextAvailableAsync());
    }

    [Fact]
    public async Task A_stream_ends_when_its_sign_in_is_revoked()
    {
        var user = await app.GivenUserAsync();
        await using var stream = await LiveStream.OpenAsync(app.SignedInAs(user));
        await stream.NextAvailableAsync();

        await app.ExecuteAsync("UPDATE account_sessions SET revoked_at = now() WHERE user_id = @Id", new { user.Id });

        Assert.True(await stream.EndsWithinAsync(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task Streams_outlive_the_loss_of_the_listening_connections_and_catch_up_with_what_nobody_heard()
    {
        var (user, leaver) = (await app.GivenUserAsync(), await app.GivenUserAsync());
        await using var stream = await LiveStream.OpenAsync(app.SignedInAs(user));
        await using var left = await LiveStream.OpenAsync(app.SignedInAs(leaver));
        Assert.Equal((100, 100), (await stream.NextAvailableAsync(), await left.NextAvailableAsync()));

        // One each for the balances, the token cache and the jobs, which may still be starting.
        await Eventually.HoldsAsync(async () => await app.ScalarAsync<long>($"SELECT count(*) {Listeners}") == 3, "three listening connections");
        var cut = await app.QueryAsync<bool>($"SELECT pg_terminate_backend(pid) {Listeners}");
        // At once, while nobody listens: neither the balance nor the end of the sign-in is heard.
        await app.ExecuteAsync("""
            UPDATE user_credits SET used_credits = 33 WHERE user_id = @Id;
            UPDATE account_sessions SET revoked_at = now() WHERE user_id = @leaver
            """, new { user.Id, leaver = leaver.Id });

        Assert.Equal([true, true, true], cut);
        await stream.WaitForAsync(67, TimeSpan.FromSeconds(10));
        Assert.True(await left.EndsWithinAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task One_user_has_eight_streams_and_the_ninth_only_when_one_is_closed()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        var streams = new List<LiveStream>();
        for (var i = 0; i < 8; i++)
            streams.Add(await LiveStream.OpenAsync(browser));

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.Http.GetAsync(new Uri("/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead)).StatusCode);

        await streams[0].DisposeAsync();
        await Eventually.HoldsAsync(
            async () => (await browser.Http.GetAsync(new Uri("/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead)).IsSuccessStatusCode,
            "a closed stream left its place to another", seconds: 5);
        foreach (var stream in streams)
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task The_same_figures_are_there_once_for_a_browser_without_stream()
    {
        var user = await app.GivenUserAsync(credits: 70);

        var response = await app.SignedInAs(user).GetAsync("/live/balance");

        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal("""{"available":70,"total":100,"used":30,"bonus":0,"capacity":100,"state":"","plan":"free"}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/live")]
    [InlineData("/live/balance")]
    public async Task Nobody_signed_in_is_401(string address) =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Anonymous().GetAsync(address)).StatusCode);
}
