using System.Net;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Account.Identities;

/// <summary>Signing in with Google and GitHub beside the built-in accounts.</summary>
public sealed class OutsideSignInTests(OutsideSignInTests.App app) : IClassFixture<OutsideSignInTests.App>
{
    private static int people = 100;

    [Theory]
    [InlineData("google")]
    [InlineData("github")]
    public async Task Whoever_is_new_gets_an_account_with_a_hundred_credits_once_and_lands_where_they_wanted_to_go(string provider)
    {
        var who = Somebody();
        var browser = app.Anonymous();

        (await SignInAsync(browser, provider, who, "/tools?q=a")).AssertGoesTo("/tools?q=a");
        (await SignInAsync(app.Anonymous(), provider, who)).AssertGoesTo("/dashboard");

        Assert.Contains(who.Email!, (await browser.GetPageAsync("/account")).Body!.TextContent);
        Assert.Equal(("Nora Nobody", 100, 1), Assert.Single(await app.QueryAsync<(string, int, int)>("""
            SELECT p.full_name, c.total_credits, (SELECT count(*)::int FROM usage_logs l WHERE l.user_id = p.id)
              FROM account_identities i JOIN profiles p ON p.id = i.user_id JOIN user_credits c ON c.user_id = p.id WHERE i.provider = @provider AND i.subject = @Subject
            """, new { provider, who.Subject })));
    }

    [Theory]
    [InlineData("google")]
    [InlineData("github")]
    public async Task Whoever_is_new_is_welcomed_once_and_whoever_comes_back_or_had_an_account_is_not_again(string provider)
    {
        var (who, known) = (Somebody(), Somebody());
        await SignInAsync(app.Anonymous(), provider, who);
        await SignInAsync(app.Anonymous(), provider, who);
        await app.Anonymous().SignUpAsync(known.Email!);
        await app.ExecuteAsync("SELECT verify_address(user_id, address_digest(email), @now) FROM account_credentials WHERE email = @Email", new { known.Email, now = app.Clock.GetUtcNow() });
        await SignInAsync(app.Anonymous(), provider, known);

        foreach (var email in new[] { who.Email, known.Email })
            Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM mails m JOIN profiles p ON p.id = m.user_id WHERE p.email = @email AND m.kind = 'welcome'", new { email }));
    }

    [Fact]
    public async Task Twenty_first_sign_ins_at_once_welcome_once()
    {
        var email = Somebody().Email!;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() => app.ExecuteAsync("""
            SELECT sign_in_identity('google', 'same-' || @email, @email, NULL, 'en', NULL, gen_random_uuid(), NULL, NULL, NULL, NULL, @now)
            """, new { email, now = app.Clock.GetUtcNow() }))));

        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM mails m JOIN profiles p ON p.id = m.user_id WHERE p.email = @email AND m.kind = 'welcome'", new { email }));
    }

    [Fact]
    public async Task One_person_keeps_one_account_across_the_form_Google_and_GitHub()
    {
        var who = Somebody();
        (await app.Anonymous().SignUpAsync(who.Email!)).AssertGoesTo("/dashboard");

        (await SignInAsync(app.Anonymous(), "google", who)).AssertGoesTo("/dashboard");
        (await SignInAsync(app.Anonymous(), "github", who with { Subject = "9" + who.Subject })).AssertGoesTo("/dashboard");

        Assert.Equal((1, 2), Assert.Single(await app.QueryAsync<(int, int)>("""
            SELECT count(DISTINCT p.id)::int, count(*)::int FROM profiles p JOIN account_identities i ON i.user_id = p.id WHERE lower(p.email) = @Email
            """, who)));
    }

    [Theory]
    [InlineData("google")]
    [InlineData("github")]
    public async Task An_address_that_is_not_verified_opens_and_links_nothing(string provider)
    {
        var victim = await app.GivenUserAsync();

        (await SignInAsync(app.Anonymous(), provider, Somebody() with { Email = victim.Email, IsVerified = false })).AssertGoesTo("/account/sign-in?problem=unverified");

        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_identities WHERE user_id = @Id", victim));
    }

    [Fact]
    public async Task The_address_that_a_GitHub_profile_shows_counts_for_nothing()
    {
        var victim = await app.GivenUserAsync();
        var who = Somebody() with { ProfileEmail = victim.Email };

        (await SignInAsync(app.Anonymous(), "github", who)).AssertGoesTo("/dashboard");

        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_identities WHERE user_id = @Id", victim));
        Assert.Equal(who.Email, await app.ScalarAsync<string>("SELECT p.email FROM account_identities i JOIN profiles p ON p.id = i.user_id WHERE i.subject = @Subject", who));
    }

    [Theory]
    [InlineData("google")]
    [InlineData("github")]
    public async Task A_second_subject_with_the_address_of_an_account_that_has_another_does_not_get_it(string provider)
    {
        var who = Somebody();
        await SignInAsync(app.Anonymous(), provider, who);

        (await SignInAsync(app.Anonymous(), provider, Somebody() with { Email = who.Email })).AssertGoesTo("/account/sign-in?problem=taken");
    }

    [Theory]
    [InlineData("google", "token")]
    [InlineData("google", "user")]
    [InlineData("github", "token")]
    [InlineData("github", "user")]
    [InlineData("github", "emails")]
    public async Task A_provider_that_fails_on_the_way_signs_nobody_in_and_the_page_says_so(string provider, string step)
    {
        var (browser, who) = (app.Anonymous(), Somebody());
        app.Outside.Fails = step;
        try
        {
            (await SignInAsync(browser, provider, who, "/tools")).AssertGoesTo("/account/sign-in?problem=away&returnUrl=%2Ftools");
        }
        finally
        {
            app.Outside.Fails = null;
        }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await browser.GetAsync("/account/sign-in?problem=away")).StatusCode);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_identities WHERE subject = @Subject", who));
    }

    [Fact]
    public async Task Whoever_cancels_there_is_back_at_the_sign_in_page()
    {
        app.Outside.Denies = true;
        try
        {
            Assert.StartsWith("/account/sign-in?problem=unfinished", (await SignInAsync(app.Anonymous(), "github", Somebody())).Headers.Location?.OriginalString);
        }
        finally
        {
            app.Outside.Denies = false;
        }
    }

    [Fact]
    public async Task A_return_that_this_browser_did_not_begin_and_a_code_of_before_sign_nobody_in()
    {
        var (attacker, victim) = (app.Anonymous(), app.Anonymous());
        app.Outside.Who = Somebody();
        var begun = await attacker.GetAsync("/account/github/sign-in");
        var back = (await attacker.Http.GetAsync(begun.Headers.Location)).Headers.Location!.PathAndQuery;

        Assert.StartsWith("/account/sign-in?problem=unfinished", (await victim.GetAsync(back)).Headers.Location?.OriginalString);
        Assert.StartsWith("/account/sign-in?problem=unfinished", (await victim.GetAsync("/account/github/return?code=x&state=y")).Headers.Location?.OriginalString);
        (await attacker.GetAsync(back)).AssertGoesTo("/dashboard");
        Assert.StartsWith("/account/sign-in?problem=", (await attacker.GetAsync(back)).Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("en", "Continue with Google", "Continue with GitHub")]
    [InlineData("fr", "Continuer avec Google", "Continuer avec GitHub")]
    public async Task The_buttons_stand_on_both_pages_and_keep_where_to_go(string language, params string[] buttons)
    {
        var browser = app.Anonymous();
        browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        foreach (var page in new[] { "/account/sign-in?returnUrl=/tools", "/account/sign-up?returnUrl=/tools" })
        {
            var links = (await browser.GetPageAsync(page)).QuerySelectorAll("main a.btn:not([href*=passkey])");
            Assert.Equal(buttons, links.Select(link => link.TextContent.Trim()));
            Assert.Equal(["/account/google/sign-in?returnUrl=%2Ftools", "/account/github/sign-in?returnUrl=%2Ftools"], links.Select(link => link.GetAttribute("href")!));
        }
    }

    private static OutsideStandIn.Person Somebody()
    {
        var number = Interlocked.Increment(ref people);
        return new(number.ToString(null as IFormatProvider), $"outside{number}@test.example", true, "Nora Nobody");
    }

    private async Task<HttpResponseMessage> SignInAsync(TestClient browser, string provider, OutsideStandIn.Person who, string? returnUrl = null)
    {
        app.Outside.Who = who;
        var begun = await browser.GetAsync($"/account/{provider}/sign-in{(returnUrl is null ? "" : "?returnUrl=" + Uri.EscapeDataString(returnUrl))}");
        Assert.StartsWith(app.Outside.Address, begun.Headers.Location?.OriginalString);
        var back = await browser.Http.GetAsync(begun.Headers.Location);
        return await browser.GetAsync(back.Headers.Location!.PathAndQuery);
    }

    /// <summary>The application with both providers, which are one stand-in.</summary>
    public sealed class App : AurionApp, IAsyncLifetime
    {
        internal OutsideStandIn Outside { get; private set; } = null!;

        protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
        {
            ["GOOGLE_CLIENT_ID"] = OutsideStandIn.ClientId,
            ["GOOGLE_CLIENT_SECRET"] = OutsideStandIn.ClientSecret,
            ["GITHUB_CLIENT_ID"] = OutsideStandIn.ClientId,
            ["GITHUB_CLIENT_SECRET"] = OutsideStandIn.ClientSecret,
        };

        public override async Task InitializeAsync()
        {
            Outside = await OutsideStandIn.StartAsync();
            await base.InitializeAsync();
        }

        async Task IAsyncLifetime.DisposeAsync()
        {
            await DisposeAsync();
            await Outside.DisposeAsync();
            await TestDatabases.DropAsync(OwnerConnectionString);
        }

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            services.PostConfigure<RateLimiterOptions>(options => options.GlobalLimiter = null);
            services.PostConfigure<GoogleOptions>("google", Redirect);
            services.PostConfigure<OAuthOptions>("github", Redirect);
        }

        private void Redirect(OAuthOptions options)
        {
            (options.AuthorizationEndpoint, options.TokenEndpoint) = (Outside.Address + "/authorize", Outside.Address + "/token");
            options.Backchannel.Timeout = TimeSpan.FromMinutes(2);
            options.UserInformationEndpoint = Outside.Address + (options is GoogleOptions ? "/userinfo" : "/user");
        }
    }
}
