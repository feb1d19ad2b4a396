using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

public sealed class SignUpTests : IClassFixture<AurionApp>
{
    private readonly AurionApp app;

    public SignUpTests(AurionApp app)
    {
        this.app = app;
        // What one test used up of an address's measure is free again for the next.
        app.Clock.Advance(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_new_account_has_its_profile_the_free_plan_and_a_hundred_credits()
    {
        var browser = app.Anonymous();

        var response = await browser.SignUpAsync(" Marie.Curie@Test.Example ", name: " Marie\u0007 Curie\u202e ");

        response.AssertGoesTo("/dashboard");
        var row = Assert.Single(await app.QueryAsync<(string Name, string Locale, string Plan, string Status, int Total, int Used, int Bonus)>("""
            SELECT p.full_name, p.locale, pl.plan_type, pl.status, c.total_credits, c.used_credits, c.bonus_credits
              FROM auth.users u JOIN profiles p USING (id) JOIN user_plans pl ON pl.user_id = u.id JOIN user_credits c ON c.user_id = u.id
             WHERE u.email = 'marie.curie@test.example'
            """));
        Assert.Equal(("Marie Curie", "en", "free", "active", 100, 0, 0), row);
    }

    [Fact]
    public async Task The_cookie_of_the_new_session_is_out_of_reach_of_scripts_and_other_sites()
    {
        var response = await app.Anonymous().SignUpAsync("cookie@test.example");

        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), c => c.StartsWith("aurion=", StringComparison.Ordinal)).ToLowerInvariant();
        Assert.All(["path=/", "httponly", "samesite=lax", "max-age=2592000"], part => Assert.Contains(part, cookie));
        Assert.DoesNotContain("domain", cookie);
        // WebKit keeps no Secure cookie on http://localhost; in public each is, see ProductionTests.
        Assert.DoesNotContain("secure", cookie);
    }

    [Fact]
    public async Task The_password_is_kept_as_a_slow_hash_only()
    {
        await app.Anonymous().SignUpAsync("hash@test.example");

        var hash = Convert.FromBase64String(await app.ScalarAsync<string>("SELECT password_hash FROM account_credentials WHERE email = 'hash@test.example'"));
        Assert.Equal(1, hash[0]);
        Assert.Equal(2u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)));
        Assert.True(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)) >= AurionApp.PasswordIterations);
    }

    [Theory]
    [InlineData("en", "There is already an account with this e-mail.", "Sign in with this address, or use another one.")]
    [InlineData("fr", "Un compte existe déjà avec cet e-mail.", "Connectez-vous avec cette adresse, ou utilisez-en une autre.")]
    public async Task A_taken_e_mail_is_said_plainly_in_the_persons_language(string language, string reason, string wayOut)
    {
        await app.Anonymous().SignUpAsync($"taken-{language}@test.example");
        var browser = app.Anonymous();
        browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);

        var response = await browser.SignUpAsync($"TAKEN-{language}@test.example", "another password here", name: "Ann");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var page = await response.ReadHtmlAsync();
        Assert.Contains(reason, page.Refusal());
        Assert.Equal(wayOut, page.ErrorOf("Input.Email"));
        Assert.Equal("Ann", page.QuerySelector("[name='Input.FullName']")!.GetAttribute("value"));
        Assert.True(page.QuerySelector("[name='Input.Email']")!.HasAttribute("autofocus"));
        Assert.True(string.IsNullOrEmpty(page.QuerySelector("[name='Input.Password']")!.GetAttribute("value")));
        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task Twenty_at_once_with_one_e_mail_make_one_account()
    {
        var browsers = Enumerable.Range(0, 20).Select(_ => app.Anonymous()).ToList();

        // All spellings of one address; the limit on taken addresses answers some of the late ones.
        var answers = await Task.WhenAll(browsers.Select((b, i) => b.SignUpAsync(i % 2 == 0 ? "race@test.example" : "Race@Test.example ")));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Redirect);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.Redirect),
            a => Assert.Contains(a.StatusCode, new[] { HttpStatusCode.UnprocessableEntity, HttpStatusCode.TooManyRequests }));
        Assert.Equal((1, 1, 1, 1), Assert.Single(await app.QueryAsync<(int, int, int, int)>("""
            SELECT (SELECT count(*) FROM auth.users WHERE lower(email) = 'race@test.example')::int,
                   (SELECT count(*) FROM profiles WHERE email = 'race@test.example')::int,
                   (SELECT count(*) FROM account_credentials WHERE email = 'race@test.example')::int,
                   (SELECT count(*) FROM user_credits c JOIN profiles p ON p.id = c.user_id WHERE p.email = 'race@test.example')::int
            """)));
    }

    [Theory]
    [InlineData("", "Enter your e-mail address.")]
    [InlineData("   ", "Enter your e-mail address.")]
    [InlineData("marie", "Enter a valid e-mail address, such as name@example.com.")]
    [InlineData("marie@", "Enter a valid e-mail address, such as name@example.com.")]
    [InlineData("marie@localhost", "Enter a valid e-mail address, such as name@example.com.")]
    [InlineData("a@b.example\r\nBcc: c@d.example", "Enter a valid e-mail address, such as name@example.com.")]
    [InlineData("<script>@b.example", "Enter a valid e-mail address, such as name@example.com.")]
    public async Task An_address_that_cannot_be_is_refused_with_its_reason(string email, string reason)
    {
        var response = await app.Anonymous().SignUpAsync(email);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(reason, (await response.ReadHtmlAsync()).ErrorOf("Input.Email"));
    }

    [Theory]
    [InlineData("", "Choose a password.")]
    [InlineData("7 chars", "Use at least 8 characters. A few words in a row are easy to remember.")]
    [InlineData("P@ssw0rd2026!", "This password is too common. Choose a rarer one, such as three unrelated words.")]
    [InlineData("weak-marie1", "This is too close to your name or e-mail address. Choose something unrelated.")]
    public async Task A_weak_password_is_refused_with_its_reason_and_leaves_nothing(string password, string reason)
    {
        var response = await app.Anonymous().SignUpAsync("weak-marie@test.example", password);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(reason, (await response.ReadHtmlAsync()).ErrorOf("Input.Password"));
        Assert.Equal(0, await app.ScalarAsync<long>("SELECT count(*) FROM auth.users WHERE email = 'weak-marie@test.example'"));
    }

    [Fact]
    public async Task An_administrators_address_is_not_given_to_whoever_types_it()
    {
        var response = await app.Anonymous().SignUpAsync("Admin@test.example");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(0, await app.ScalarAsync<long>("SELECT count(*) FROM auth.users WHERE email = 'admin@test.example'"));
    }

    [Fact]
    public async Task Somebody_who_is_signed_in_is_led_to_the_dashboard()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());

        (await browser.GetAsync("/account/sign-up")).AssertGoesTo("/dashboard");
        (await browser.GetAsync("/account/sign-in?returnUrl=/tools")).AssertGoesTo("/tools");
    }

    [Theory]
    [InlineData("plan_type", "enterprise")]
    [InlineData("Input.Role", "service_role")]
    [InlineData("Input.UserId", "00000000-0000-0000-0000-000000000001")]
    [InlineData("Input.Credits", "99999")]
    public async Task Fields_that_the_form_does_not_have_change_nothing(string field, string value)
    {
        var email = $"extra-{field.ToLowerInvariant()}@test.example".Replace('_', '-');

        (await app.Anonymous().PostAsync("/account/sign-up", ("Input.Email", email), ("Input.Password", Forms.GoodPassword), (field, value))).AssertGoesTo("/dashboard");

        Assert.Equal(("free", 100), Assert.Single(await app.QueryAsync<(string, int)>("""
            SELECT pl.plan_type, c.total_credits FROM profiles p JOIN user_plans pl ON pl.user_id = p.id JOIN user_credits c ON c.user_id = p.id WHERE p.email = @email
            """, new { email })));
    }
}
