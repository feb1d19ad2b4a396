using System.Net;
using Aurion.Web.Account.Clerk;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account.Clerk;

/// <summary>Signing in through Clerk's own pages, and out again at both ends.</summary>
public sealed class ClerkSignInTests(ClerkApp app) : IClassFixture<ClerkApp>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        await app.ControlAsync("instance?production=false&skew=0&customClaim=0&tokenVersion=2");
        await app.ControlAsync("faults", HttpMethod.Delete);
        await app.WebhooksOffAsync();
        // What one test learned of Clerk's state is old for the next.
        app.Clock.Advance(ClerkKeys.Pause);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1500)]
    [InlineData(true, 1500)]
    public async Task Whoever_signs_in_at_Clerk_has_a_session_of_ours_that_needs_Clerk_no_more(bool production, int customClaim)
    {
        await app.ControlAsync($"instance?production={production}&customClaim={customClaim}");
        var (browser, email) = (app.Anonymous(), app.NewEmail());
        var subject = await app.GivenAtClerkAsync(email);

        (await app.SignInAsync(browser, email, "/tools?q=a")).AssertGoesTo("/tools?q=a");

        await app.ControlAsync("faults?path=/&status=503");
        Assert.Contains(email, (await browser.GetPageAsync("/account")).Body!.TextContent);
        Assert.Equal(HttpStatusCode.OK, (await app.CallApiAsync(browser.Jar["aurion"]!)).StatusCode);
        Assert.Equal(("Camille Martin", email, "free", 100, 1), Assert.Single(await app.QueryAsync<(string, string, string, int, int)>("""
            SELECT p.full_name, p.email, pl.plan_type, c.total_credits, (SELECT count(*)::int FROM usage_logs l WHERE l.user_id = p.id AND l.action_type = 'credits_granted')
              FROM account_identities i JOIN profiles p ON p.id = i.user_id JOIN user_plans pl ON pl.user_id = p.id JOIN user_credits c ON c.user_id = p.id
             WHERE i.provider = 'clerk' AND i.subject = @subject
            """, new { subject })));
    }

    [Fact]
    public async Task The_second_time_it_is_the_same_account()
    {
        var email = app.NewEmail();
        var subject = await app.GivenAtClerkAsync(email);
        (await app.SignInAsync(app.Anonymous(), email)).AssertGoesTo("/dashboard");
        var first = await app.UserOfAsync(subject);

        (await app.SignInAsync(app.Anonymous(), email)).AssertGoesTo("/dashboard");

        Assert.Equal(first, await app.UserOfAsync(subject));
        Assert.Equal(2, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_sessions WHERE user_id = @first", new { first }));
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM profiles WHERE email = @email", new { email }));
    }

    [Fact]
    public async Task Signing_out_ends_both_sessions_so_that_Clerk_asks_for_the_password_again()
    {
        var (browser, email) = (app.Anonymous(), app.NewEmail());
        var subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(browser, email);

        (await browser.PostFormAsync("/account/sign-out", from: "/account/sign-out")).AssertGoesTo("/");

        Assert.Equal("revoked", (await app.AtClerkAsync(HttpMethod.Get, "/v1/sessions?user_id=" + subject)).GetProperty("data")[0].GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.SignInAsync(browser, email, password: "wrong")).StatusCode);
    }

    [Fact]
    public async Task Signing_out_while_Clerk_is_away_works_at_once_and_reaches_Clerk_later()
    {
        var (browser, email) = (app.Anonymous(), app.NewEmail());
        var subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(browser, email);
        await app.ControlAsync("faults?path=/v1/sessions&status=500");

        (await browser.PostFormAsync("/account/sign-out", from: "/account/sign-out")).AssertGoesTo("/");
        await app.RunJobAsync<EndClerkSessionsJob>();
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);
        await app.ControlAsync("faults", HttpMethod.Delete);
        Assert.Equal("active", (await StatusAtClerkAsync(subject)));
        await app.RunJobAsync<EndClerkSessionsJob>();

        Assert.Equal("revoked", await StatusAtClerkAsync(subject));
    }

    [Fact]
    public async Task A_sign_out_that_Clerk_refuses_stops_no_other_and_is_told_to_the_operator()
    {
        var sessions = new List<(string Subject, string Session)>();
        for (var i = 0; i < 3; i++)
        {
            var (browser, email) = (app.Anonymous(), app.NewEmail());
            var subject = await app.GivenAtClerkAsync(email);
            await app.SignInAsync(browser, email);
            await app.ExecuteAsync("UPDATE account_sessions SET revoked_at = now() WHERE user_id = @id", new { id = await app.UserOfAsync(subject) });
            sessions.Add((subject, await app.ScalarAsync<string>("SELECT provider_session FROM account_sessions WHERE user_id = @id", new { id = await app.UserOfAsync(subject) })));
        }
        await app.ControlAsync($"faults?path=/v1/sessions/{sessions[0].Session}&status=422");

        await app.RunJobAsync<EndClerkSessionsJob>();

        await app.ControlAsync("faults", HttpMethod.Delete);
        var states = new List<string>();
        foreach (var (subject, _) in sessions)
            states.Add((await StatusAtClerkAsync(subject))!);
        Assert.Equal(["active", "revoked", "revoked"], states);
        Assert.Equal($"Clerk session {sessions[0].Session}", await app.ScalarAsync<string>("SELECT subject FROM job_failures WHERE job = 'EndClerkSessionsJob' AND subject <> ''"));
    }

    [Fact]
    public async Task A_session_that_is_replaced_in_one_browser_does_not_end_the_one_at_Clerk_that_the_new_one_came_from()
    {
        var (browser, email) = (app.Anonymous(), app.NewEmail());
        var subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(browser, email);
        browser.Jar["aurion"] = "gone";

        (await app.SignInAsync(browser, email)).AssertGoesTo("/dashboard");
        await app.ExecuteAsync("UPDATE account_sessions SET revoked_at = now() WHERE id = (SELECT id FROM account_sessions s WHERE s.user_id = @id ORDER BY created_at LIMIT 1)", new { id = await app.UserOfAsync(subject) });
        await app.RunJobAsync<EndClerkSessionsJob>();

        Assert.Equal("active", await StatusAtClerkAsync(subject));
    }

    [Theory]
    [InlineData("en", "The service where you sign in does not answer at the moment.")]
    [InlineData("fr", "Le service de connexion ne répond pas pour le moment.")]
    public async Task While_Clerk_is_away_the_sign_in_page_says_so_in_the_persons_language(string language, string said)
    {
        var browser = app.Anonymous();
        browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        await app.ControlAsync("faults?path=/.well-known&status=503");

        var begun = await browser.GetAsync("/account/clerk/sign-in?returnUrl=/tools");

        begun.AssertGoesTo("/account/sign-in?problem=away&returnUrl=%2Ftools");
        var page = await browser.GetAsync(begun.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.StartsWith(said, (await page.ReadHtmlAsync()).Refusal());
    }

    [Fact]
    public async Task Whoever_has_an_account_signs_in_although_the_Backend_API_is_away_and_whoever_is_new_is_told()
    {
        var (email, stranger) = (app.NewEmail(), app.NewEmail());
        await app.GivenAtClerkAsync(email);
        await app.GivenAtClerkAsync(stranger);
        await app.SignInAsync(app.Anonymous(), email);
        await app.ControlAsync("faults?path=/v1/users&status=503");

        (await app.SignInAsync(app.Anonymous(), email)).AssertGoesTo("/dashboard");
        (await app.SignInAsync(app.Anonymous(), stranger)).AssertGoesTo("/account/sign-in?problem=away");
    }

    [Fact]
    public async Task A_clock_of_Clerks_that_is_ten_minutes_off_signs_nobody_in_and_ten_seconds_do_not_matter()
    {
        var email = app.NewEmail();
        await app.GivenAtClerkAsync(email);
        foreach (var skew in new[] { -600, 600 })
        {
            await app.ControlAsync($"instance?skew={skew}");
            (await app.SignInAsync(app.Anonymous(), email)).AssertGoesTo("/account/sign-in?problem=away");
        }

        await app.ControlAsync("instance?skew=4");
        (await app.SignInAsync(app.Anonymous(), email)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task A_session_that_still_owes_Clerk_something_is_not_let_in()
    {
        var (browser, email) = (app.Anonymous(), app.NewEmail());
        var subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(browser, email);
        await app.ControlAsync($"session-status?id={await SessionAtClerkAsync(subject)}&status=pending");
        browser.Jar["aurion"] = "gone";

        (await app.SignInAsync(browser, email)).AssertGoesTo("/account/sign-in?problem=pending");
    }

    [Fact]
    public async Task A_return_that_this_browser_did_not_begin_signs_nobody_in()
    {
        var (attacker, victim, email) = (app.Anonymous(), app.Anonymous(), app.NewEmail());
        await app.GivenAtClerkAsync(email);
        var begun = await attacker.GetAsync("/account/clerk/sign-in");
        var back = System.Web.HttpUtility.ParseQueryString(begun.Headers.Location!.Query)["redirect_url"]!;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = email, ["password"] = ClerkApp.Password, ["redirect_url"] = back });
        var portal = await attacker.Http.PostAsync(new Uri(app.Clerk.Address + "/sign-in"), form);
        var handshake = await attacker.GetAsync(portal.Headers.Location!.PathAndQuery);
        var loaded = (await attacker.Http.GetAsync(handshake.Headers.Location)).Headers.Location!.PathAndQuery;
        Assert.Contains("__clerk_handshake=", loaded);

        // Neither without an own attempt nor in the middle of one.
        (await victim.GetAsync(loaded)).AssertGoesTo("/account/sign-in?problem=unfinished");
        await victim.GetAsync("/account/clerk/sign-in");
        (await victim.GetAsync(loaded)).AssertGoesTo("/account/sign-in?problem=unfinished");
        (await attacker.GetAsync(loaded)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task A_handshake_that_Clerk_did_not_sign_counts_for_nothing()
    {
        var (browser, email) = (app.Anonymous(), app.NewEmail());
        var subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(app.Anonymous(), email);
        var begun = await browser.GetAsync("/account/clerk/sign-in");
        var back = new Uri(System.Web.HttpUtility.ParseQueryString(begun.Headers.Location!.Query)["redirect_url"]!).PathAndQuery;
        await browser.GetAsync(back);
        // Signed by Clerk, and no handshake: a token of the template.
        foreach (var forged in new[] { "x", "a.b.c", await app.TokenAsync(subject, "supabase"), await app.TokenAsync(subject) })
        {
            var answer = await browser.GetAsync($"{back}&__clerk_handshake={forged}");

            Assert.DoesNotContain("/dashboard", answer.Headers.Location!.OriginalString);
            Assert.Null(browser.Jar["aurion"]);
        }
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    public async Task After_the_sign_in_nobody_is_led_elsewhere(string returnUrl)
    {
        var email = app.NewEmail();
        await app.GivenAtClerkAsync(email);

        (await app.SignInAsync(app.Anonymous(), email, returnUrl)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task The_pages_lead_to_Clerk_and_the_forms_of_the_built_in_accounts_are_closed()
    {
        var browser = app.Anonymous();

        var signIn = await browser.GetPageAsync("/account/sign-in?returnUrl=/tools");
        Assert.Equal("/account/clerk/sign-in?returnUrl=%2Ftools", signIn.QuerySelector("main a.btn")!.GetAttribute("href"));
        Assert.Empty(signIn.QuerySelectorAll("main input[type=password], main script"));
        Assert.Equal("/account/clerk/sign-up", (await browser.GetPageAsync("/account/sign-up")).QuerySelector("main a.btn")!.GetAttribute("href"));
        (await browser.GetAsync("/account/forgotten")).AssertGoesTo("/account/sign-in");
        (await browser.GetAsync("/account/reset")).AssertGoesTo("/account/sign-in");
        foreach (var page in new[] { "/account/sign-in", "/account/sign-up", "/account/forgotten" })
            (await browser.SendFormAsync(page, [new("Input.Email", "closed@test.example"), new("Input.Password", ClerkApp.Password)])).AssertGoesTo("/account/sign-in");
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM profiles WHERE email = 'closed@test.example'"));
    }

    [Fact]
    public async Task Whoever_is_disabled_here_is_refused_although_Clerk_lets_them_in()
    {
        var (browser, email) = (app.Anonymous(), app.NewEmail());
        var subject = await app.GivenAtClerkAsync(email);
        await app.SignInAsync(browser, email);
        await app.ExecuteAsync("SELECT disable_account(@id, now())", new { id = await app.UserOfAsync(subject) });

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.CallApiAsync(await app.TokenAsync(subject))).StatusCode);
        (await app.SignInAsync(app.Anonymous(), email)).AssertGoesTo("/account/sign-in?problem=closed");
    }

    private async Task<string?> SessionAtClerkAsync(string subject) =>
        (await app.AtClerkAsync(HttpMethod.Get, "/v1/sessions?user_id=" + subject)).GetProperty("data")[0].GetProperty("id").GetString();

    private async Task<string?> StatusAtClerkAsync(string subject) =>
        (await app.AtClerkAsync(HttpMethod.Get, "/v1/sessions?user_id=" + subject)).GetProperty("data")[0].GetProperty("status").GetString();
}
