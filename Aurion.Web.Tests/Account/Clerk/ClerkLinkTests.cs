using Aurion.Web.Account.Clerk;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account.Clerk;

/// <summary>One person keeps one account, and nobody gets somebody else's.</summary>
public sealed class ClerkLinkTests(ClerkApp app) : IClassFixture<ClerkApp>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        await app.ControlAsync("faults", HttpMethod.Delete);
        await app.WebhooksOffAsync();
        app.Clock.Advance(ClerkKeys.Pause);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_account_with_a_password_is_kept_by_the_owner_of_its_address_and_whoever_typed_it_before_is_out()
    {
        var user = await app.GivenUserAsync(credits: 42);
        await app.ExecuteAsync("INSERT INTO account_credentials (user_id, email, password_hash, password_changed_at, created_at) VALUES (@Id, @Email, 'a hash', now(), now())", user);
        var subject = await app.GivenAtClerkAsync(user.Email);

        (await app.SignInAsync(app.Anonymous(), user.Email)).AssertGoesTo("/dashboard");

        Assert.Equal(user.Id, await app.UserOfAsync(subject));
        Assert.Equal((true, 1, 42), Assert.Single(await app.QueryAsync<(bool, int, int)>("""
            SELECT c.password_hash IS NULL, (SELECT count(*)::int FROM account_sessions s WHERE s.user_id = c.user_id AND s.revoked_at IS NULL), k.total_credits - k.used_credits
              FROM account_credentials c JOIN user_credits k USING (user_id) WHERE c.user_id = @Id
            """, user)));
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await app.SignedInAs(user).GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task An_address_that_Clerk_has_not_verified_opens_and_links_nothing()
    {
        var user = await app.GivenUserAsync();
        var subject = await app.GivenAtClerkAsync(null);
        var login = app.NewEmail();
        await app.AddEmailAsync(subject, login, verified: true, primary: false);
        await app.AddEmailAsync(subject, user.Email, verified: false, primary: true);

        (await app.SignInAsync(app.Anonymous(), login)).AssertGoesTo("/account/sign-in?problem=unverified");

        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_identities WHERE subject = @subject OR user_id = @Id", new { subject, user.Id }));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM profiles WHERE email = @login", new { login }));
    }

    [Fact]
    public async Task A_subject_that_changes_its_address_to_somebody_elses_keeps_its_own_account_and_takes_over_nothing()
    {
        var (victim, attackers) = (await app.GivenUserAsync(), app.NewEmail());
        var subject = await app.GivenAtClerkAsync(attackers);
        await app.SignInAsync(app.Anonymous(), attackers);
        var own = await app.UserOfAsync(subject);
        await app.AddEmailAsync(subject, victim.Email);

        (await app.SignInAsync(app.Anonymous(), attackers)).AssertGoesTo("/dashboard");

        Assert.Equal(own, await app.UserOfAsync(subject));
        Assert.Equal(attackers, await app.ScalarAsync<string>("SELECT email FROM profiles WHERE id = @own", new { own }));
        Assert.Equal(victim.Email, await app.ScalarAsync<string>("SELECT email FROM profiles WHERE id = @Id", victim));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await app.SignedInAs(victim).GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task Whoever_gets_an_address_that_another_subject_signed_up_with_does_not_get_its_account()
    {
        var email = app.NewEmail();
        var first = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(app.Anonymous(), email);
        var account = await app.UserOfAsync(first);
        // Clerk let the address go to another user, and did not tell.
        await app.ExecuteAsync("UPDATE account_identities SET subject = 'user_another' WHERE subject = @first", new { first });
        var other = await app.GivenAtClerkAsync(app.NewEmail());
        await app.ExecuteAsync("UPDATE account_identities SET subject = @other WHERE subject = 'user_another'", new { other });

        (await app.SignInAsync(app.Anonymous(), email)).AssertGoesTo("/account/sign-in?problem=taken");

        Assert.Equal(account, await app.UserOfAsync(other));
    }

    [Fact]
    public async Task After_a_move_to_another_instance_of_Clerk_the_same_addresses_find_their_accounts()
    {
        var email = app.NewEmail();
        var subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(app.Anonymous(), email);
        var account = await app.UserOfAsync(subject);
        // The instance of before knew this person by another id, which this one has never heard of.
        await app.ExecuteAsync("UPDATE account_identities SET subject = 'user_of_before' WHERE subject = @subject", new { subject });

        (await app.SignInAsync(app.Anonymous(), email)).AssertGoesTo("/dashboard");

        Assert.Equal(account, await app.UserOfAsync(subject));
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_identities WHERE user_id = @account", new { account }));
    }

    [Fact]
    public async Task A_new_address_is_taken_over_and_ends_the_sessions_that_carry_the_old_one()
    {
        var (browser, email, next) = (app.Anonymous(), app.NewEmail(), app.NewEmail());
        var subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(browser, email);
        await app.AddEmailAsync(subject, next);

        var other = app.Anonymous();
        (await app.SignInAsync(other, next)).AssertGoesTo("/dashboard");

        Assert.Contains(next, (await other.GetPageAsync("/account")).Body!.TextContent);
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);
        Assert.Equal((next, next, next), Assert.Single(await app.QueryAsync<(string, string, string)>("""
            SELECT p.email, c.email, u.email FROM account_identities i JOIN profiles p ON p.id = i.user_id JOIN account_credentials c ON c.user_id = p.id JOIN auth.users u ON u.id = p.id
             WHERE i.subject = @subject
            """, new { subject })));
    }

    [Fact]
    public async Task Webhook_sign_in_and_bearer_at_the_same_moment_make_one_account_with_a_hundred_credits()
    {
        await app.WebhooksOnAsync("&copies=3");
        for (var round = 0; round < 10; round++)
        {
            var email = app.NewEmail();
            var browsers = Enumerable.Range(0, 4).Select(_ => app.Anonymous()).ToList();
            var subject = await app.GivenAtClerkAsync(email);
            // The event of the user is on its way three times while four browsers and four programs are at the door.
            var signIns = browsers.Select(browser => app.SignInAsync(browser, email)).ToList();
            await Eventually.HoldsAsync(async () => (await app.AtClerkAsync(HttpMethod.Get, "/v1/sessions?user_id=" + subject)).GetProperty("data").GetArrayLength() > 0, "a session at Clerk");
            var token = await app.TokenAsync(subject);
            var calls = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.CallApiAsync(token)));

            Assert.All(await Task.WhenAll(signIns), answer => answer.AssertGoesTo("/dashboard"));
            Assert.All(calls, call => Assert.True(call.IsSuccessStatusCode || call.StatusCode == System.Net.HttpStatusCode.Conflict, call.StatusCode.ToString()));
            await Eventually.HoldsAsync(async () => await app.ScalarAsync<int>("SELECT count(*)::int FROM identity_events WHERE subject = @subject", new { subject }) == 1, "the event arrives");
            Assert.Equal((1, 1, 1, 100), Assert.Single(await app.QueryAsync<(int, int, int, int)>("""
                SELECT (SELECT count(*)::int FROM profiles WHERE lower(email) = @email), (SELECT count(*)::int FROM auth.users WHERE lower(email) = @email),
                       (SELECT count(*)::int FROM account_identities WHERE subject = @subject),
                       (SELECT sum(l.delta)::int FROM usage_logs l JOIN account_identities i USING (user_id) WHERE i.subject = @subject AND l.action_type = 'credits_granted')
                """, new { email, subject })));
        }
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults()"));
    }

    [Fact]
    public async Task Whoever_is_leaving_decides_at_the_next_sign_in_and_whoever_is_erased_is_gone_at_Clerk_too()
    {
        var (browser, email) = (app.Anonymous(), app.NewEmail());
        var subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(browser, email);
        var id = await app.UserOfAsync(subject);
        await browser.PostAsync("/account/delete");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await app.CallApiAsync(await app.TokenAsync(subject))).StatusCode);

        var other = app.Anonymous();
        var asked = await app.SignInAsync(other, email);

        Assert.StartsWith("/account/keep?token=", asked.Headers.Location?.OriginalString);
        Assert.Null(other.Jar["aurion"]);
        await other.GetAsync(asked.Headers.Location!.OriginalString);
        (await other.PostFormAsync("/account/keep")).AssertGoesTo("/account/keep");
        (await app.SignInAsync(other, email)).AssertGoesTo("/dashboard");

        await other.PostAsync("/account/delete");
        app.Clock.Advance(AccountDeletions.Grace);
        await app.RunJobAsync<EraseAccountsJob>();

        Assert.Equal("resource_not_found", (await app.AtClerkAsync(HttpMethod.Get, "/v1/users/" + subject)).GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT (SELECT count(*) FROM account_identities WHERE user_id = @id)::int + (SELECT count(*) FROM auth.users WHERE id = @id)::int", new { id }));
    }
}
