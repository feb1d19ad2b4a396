using System.Diagnostics;
using System.Net;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Aurion.Web.Tests.Account;

public sealed class SessionTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task Signing_out_kills_the_token_at_once_wherever_it_was_copied()
    {
        var user = await app.GivenUserAsync();
        var (browser, thief) = (app.SignedInAs(user), app.WithToken(user));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await browser.GetAsync("/account")).StatusCode, (await thief.GetAsync("/account")).StatusCode));

        (await browser.PostAsync("/account/sign-out")).AssertGoesTo("/");

        Assert.Equal(HttpStatusCode.Redirect, (await thief.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" })).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await app.SignedInAs(user).GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task The_node_that_ends_a_session_does_not_wait_to_hear_of_it()
    {
        var user = await app.GivenUserAsync();
        var (browser, copy) = (app.SignedInAs(user), app.SignedInAs(user));
        await copy.GetPageAsync("/account");
        await app.ExecuteAsync("ALTER TABLE account_sessions DISABLE TRIGGER account_sessions_ended");
        try
        {
            await browser.PostAsync("/account/sign-out");

            Assert.Equal(HttpStatusCode.Redirect, (await copy.GetAsync("/account")).StatusCode);
        }
        finally
        {
            await app.ExecuteAsync("ALTER TABLE account_sessions ENABLE TRIGGER account_sessions_ended");
        }
    }

    [Fact]
    public async Task Following_a_link_to_sign_out_asks_first()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());

        Assert.NotNull((await browser.GetPageAsync("/account/sign-out")).QuerySelector("form[method=post] button"));

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
    }

    [Theory]
    [InlineData("UPDATE account_sessions SET revoked_at = now() WHERE user_id = @Id")]
    [InlineData("UPDATE account_sessions SET expires_at = created_at + interval '1 microsecond' WHERE user_id = @Id")]
    [InlineData("DELETE FROM account_sessions WHERE user_id = @Id")]
    public async Task A_session_that_ended_elsewhere_is_refused_within_a_second(string ending)
    {
        var user = await app.GivenUserAsync();
        var browser = app.WithToken(user);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);

        await app.ExecuteAsync(ending, user);

        var waited = Stopwatch.StartNew();
        while ((await browser.GetAsync("/account")).StatusCode == HttpStatusCode.OK)
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(1), "the token still works after a second");
    }

    [Fact]
    public async Task A_token_in_use_does_not_read_its_session_again()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        // Nothing is cached until the node hears of revocations.
        await Eventually.HoldsAsync(async () =>
        {
            await browser.GetPageAsync("/account/sign-out");
            return app.Services.GetRequiredService<TokenCache>().Find(user.Token) is not null;
        }, "the token is cached");
        await app.ExecuteAsync("ALTER TABLE account_sessions RENAME TO account_sessions_away");
        try
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account/sign-out")).StatusCode);
            app.Clock.Advance(TimeSpan.FromSeconds(61));
            Assert.NotEqual(HttpStatusCode.OK, (await browser.GetAsync("/account/sign-out")).StatusCode);
        }
        finally
        {
            await app.ExecuteAsync("ALTER TABLE account_sessions_away RENAME TO account_sessions");
        }
    }

    [Fact]
    public async Task A_session_lives_thirty_days()
    {
        var browser = app.Anonymous();
        await browser.SignUpAsync("thirty@test.example");

        app.Clock.Advance(TimeSpan.FromDays(29.9));
        var before = (await browser.GetAsync("/account")).StatusCode;
        app.Clock.Advance(TimeSpan.FromDays(0.2));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect), (before, (await browser.GetAsync("/account")).StatusCode));
    }

    [Fact]
    public async Task One_device_can_end_another_and_never_somebody_elses()
    {
        var user = await app.GivenUserAsync();
        var (other, stranger) = (await app.SignInAsync(user.Id, user.Email), await app.GivenUserAsync());
        var id = SessionOf(other.Token);
        var (here, there) = (app.SignedInAs(user), app.WithToken(other));
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/account")).StatusCode);

        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(stranger).PostAsync($"/account/sessions/{id}/end")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/account")).StatusCode);
        (await here.PostAsync($"/account/sessions/{id}/end")).AssertGoesTo("/account");

        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await here.PostAsync($"/account/sessions/{id}/end")).StatusCode);
    }

    [Fact]
    public async Task Everywhere_else_means_every_session_but_this_one()
    {
        var user = await app.GivenUserAsync();
        var others = new[] { app.WithToken(await app.SignInAsync(user.Id, user.Email)), app.WithToken(await app.SignInAsync(user.Id, user.Email)) };
        foreach (var other in others)
            await other.GetAsync("/account");

        (await app.SignedInAs(user).PostAsync("/account/sessions/end-others")).AssertGoesTo("/account");

        foreach (var other in others)
            Assert.Equal(HttpStatusCode.Redirect, (await other.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task The_page_names_the_devices_and_marks_this_one()
    {
        var user = await app.GivenUserAsync();
        await app.SignInAsync(user.Id, user.Email);
        await app.ExecuteAsync("""
            UPDATE account_sessions SET user_agent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1' WHERE user_id = @Id
            """, user);

        var rows = (await app.SignedInAs(user).GetPageAsync("/account")).QuerySelectorAll("#sessions-list li");

        Assert.Equal(2, rows.Length);
        Assert.All(rows, row => Assert.Contains("Safari, iPhone", row.TextContent));
        Assert.Single(rows, row => row.TextContent.Contains("this device", StringComparison.Ordinal));
    }

    private static Guid SessionOf(string token) => Guid.Parse(new JsonWebToken(token).GetClaim("sid").Value);
}
