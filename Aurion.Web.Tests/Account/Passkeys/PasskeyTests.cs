using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Account.Passkeys;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account.Passkeys;

/// <summary>Passkeys against a device in software: what holds opens the account, and nothing else does.</summary>
public sealed class PasskeyTests(MailApp app) : IClassFixture<MailApp>, IAsyncLifetime
{
    private const string SignInPage = "/account/sign-in/passkey";
    private const string CreatePage = "/account/passkeys/create";
    private static int people;

    // All the tests come from one network.
    public Task InitializeAsync() => app.ExecuteAsync("DELETE FROM account_attempts");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_passkey_is_added_named_used_and_removed_and_the_owner_is_told()
    {
        var (email, browser) = await GivenAccountAsync();
        var device = new SoftwareAuthenticator();

        (await AddAsync(browser, device, "2026-11-30")).AssertGoesTo("/account/passkeys");

        var page = await browser.GetPageAsync("/account/passkeys");
        Assert.Contains("2026-11-30", page.QuerySelector("main li")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Not used yet.", page.QuerySelector("main li")!.TextContent, StringComparison.Ordinal);
        var other = app.Anonymous();
        (await SignInAsync(other, device, returnUrl: "/credits")).AssertGoesTo("/credits");
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/account")).StatusCode);
        page = await browser.GetPageAsync("/account/passkeys");
        Assert.Contains("Last used", page.QuerySelector("main li")!.TextContent, StringComparison.Ordinal);

        var remove = page.QuerySelector("main li a")!.GetAttribute("href")!;
        Assert.NotNull((await (await browser.PostAsync(remove, ("Input.Password", "not the password 77"))).ReadHtmlAsync()).ErrorOf("Input.Password"));
        (await browser.PostAsync(remove, ("Input.Password", Forms.GoodPassword))).AssertGoesTo("/account/passkeys");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SignInAsync(app.Anonymous(), device)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(remove)).StatusCode);

        var mails = await app.MailboxAsync(email);
        Assert.Equal(["A passkey was added to your account", "A passkey of your account was removed"], mails.Select(mail => mail.Subject));
        Assert.All(mails, mail => Assert.Contains("2026-11-30", mail.Text, StringComparison.Ordinal));
        // The sign-in by a browser that the account did not know was told, too.
        Assert.Contains(await app.MailboxAsync(email, routine: true), mail => mail.Subject == "New sign-in to your account");
    }

    [Fact]
    public async Task It_counts_as_both_steps_of_a_sign_in()
    {
        var (email, browser) = await GivenAccountAsync();
        var device = await GivenPasskeyAsync(browser);
        await app.ExecuteAsync("INSERT INTO account_second_factors SELECT user_id, 'secret', 1, @now FROM account_credentials WHERE email = @email", new { email, now = app.Clock.GetUtcNow() });

        (await app.Anonymous().SignInAsync(email)).AssertGoesTo("/account/sign-in/code");
        (await SignInAsync(app.Anonymous(), device)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task The_browser_is_told_this_site_a_person_to_verify_and_what_is_known_already()
    {
        var (_, browser) = await GivenAccountAsync();
        var first = await GivenPasskeyAsync(browser);
        await BeginAsync(browser);

        var creation = JsonDocument.Parse((await AskAsync(browser, CreatePage)).Options).RootElement;
        var request = JsonDocument.Parse((await AskAsync(app.Anonymous(), SignInPage)).Options).RootElement;

        Assert.Equal("localhost", creation.GetProperty("rp").GetProperty("id").GetString());
        Assert.Equal("none", creation.GetProperty("attestation").GetString());
        Assert.Equal(("required", "required"), (creation.GetProperty("authenticatorSelection").GetProperty("residentKey").GetString(), creation.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString()));
        Assert.Equal([-7, -257], creation.GetProperty("pubKeyCredParams").EnumerateArray().Select(one => one.GetProperty("alg").GetInt32()));
        Assert.Equal(Base64Url.EncodeToString(first.CredentialId), Assert.Single(creation.GetProperty("excludeCredentials").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(("localhost", "required"), (request.GetProperty("rpId").GetString(), request.GetProperty("userVerification").GetString()));
        Assert.Equal(43, request.GetProperty("challenge").GetString()!.Length);
    }

    public static TheoryData<string> Wrong => ["origin", "subdomain", "scheme", "rpId", "no person", "other key", "other person", "nobody", "no handle", "nonsense"];

    [Theory, MemberData(nameof(Wrong))]
    public async Task What_does_not_hold_signs_nobody_in_and_always_gets_the_same_answer(string what)
    {
        var (_, browser) = await GivenAccountAsync();
        var (device, otherPerson) = (await GivenPasskeyAsync(browser), (await app.GivenUserAsync()).Id);
        var stranger = app.Anonymous();
        var asked = await AskAsync(stranger, SignInPage);
        var options = asked.Options;
        var answer = what switch
        {
            "origin" => Changed(it => it.Origin = "https://aurion.example.evil.test").Sign(options),
            "subdomain" => Changed(it => it.Origin = "http://evil.localhost:5080").Sign(options),
            "scheme" => Changed(it => it.Origin = "https://localhost:5080").Sign(options),
            "rpId" => Changed(it => it.RpId = "evil.test").Sign(options),
            "no person" => Changed(it => it.VerifiesUser = false).Sign(options),
            "other key" => device.Forge().Sign(options),
            "other person" => Changed(it => it.UserHandle = otherPerson.ToByteArray(bigEndian: true)).Sign(options),
            "nobody" => Changed(it => it.UserHandle = Guid.CreateVersion7(app.Clock.GetUtcNow()).ToByteArray(bigEndian: true)).Sign(options),
            "no handle" => Changed(it => it.UserHandle = null).Sign(options),
            _ => "{\"id\":[]}",
        };

        var response = await AnswerAsync(stranger, SignInPage, asked, answer);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("This passkey was not accepted. Try again, or sign in with your password.", (await response.ReadHtmlAsync()).Refusal());
        Assert.Null(stranger.Jar["aurion"]);
        // The same device, as it is.
        (await SignInAsync(app.Anonymous(), device)).AssertGoesTo("/dashboard");

        SoftwareAuthenticator Changed(Action<SoftwareAuthenticator> change)
        {
            var changed = device.Copy();
            change(changed);
            return changed;
        }
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData("null"), InlineData("[]"), InlineData("{"), InlineData("{}"), InlineData("{\"rawId\":\"AA\",\"response\":null}")]
    [InlineData("{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":\"e30\",\"authenticatorData\":\"AA\",\"signature\":\"AA\",\"userHandle\":\"AAAAAAAAAAAAAAAAAAAAAA\"}}")]
    public async Task Nonsense_is_refused_and_breaks_nothing(string? nonsense)
    {
        var stranger = app.Anonymous();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await AnswerAsync(stranger, SignInPage, await AskAsync(stranger, SignInPage), nonsense ?? "")).StatusCode);

        var (_, browser) = await GivenAccountAsync();
        await BeginAsync(browser);
        (await AnswerAsync(browser, CreatePage, await AskAsync(browser, CreatePage), nonsense ?? "")).AssertGoesTo("/account/passkeys/add");
        Assert.Empty((await browser.GetPageAsync("/account/passkeys")).QuerySelectorAll("main li"));
    }

    [Fact]
    public async Task A_challenge_is_signed_once_and_soon_and_by_the_browser_that_asked()
    {
        var (_, browser) = await GivenAccountAsync();
        var device = await GivenPasskeyAsync(browser);
        var stranger = app.Anonymous();
        var asked = await AskAsync(stranger, SignInPage);
        var before = stranger.Jar.Copy();
        device.Counter = 10;

        (await AnswerAsync(stranger, SignInPage, asked, device.Sign(asked.Options))).AssertGoesTo("/dashboard");
        // The same browser as it was before, and a signature whose counter has risen: only the challenge is old.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await AnswerAsync(app.Browser(before), SignInPage, asked, device.Sign(asked.Options))).StatusCode);

        // Another browser's challenge.
        var (foreign, other) = (await AskAsync(app.Anonymous(), SignInPage), app.Anonymous());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await AnswerAsync(other, SignInPage, await AskAsync(other, SignInPage), device.Sign(foreign.Options))).StatusCode);

        // Five minutes later.
        asked = await AskAsync(other, SignInPage);
        app.Clock.Advance(PasskeyCeremonies.Lifetime);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await AnswerAsync(other, SignInPage, asked, device.Sign(asked.Options))).StatusCode);
        Assert.Null(other.Jar["aurion"]);
    }

    [Fact]
    public async Task A_counter_that_does_not_rise_is_refused_and_logged_and_a_device_that_does_not_count_goes_on()
    {
        var (email, browser) = await GivenAccountAsync();
        var device = await GivenPasskeyAsync(browser);
        var copy = device.Copy();
        (await SignInAsync(app.Anonymous(), device)).AssertGoesTo("/dashboard");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SignInAsync(app.Anonymous(), copy)).StatusCode);
        var passkey = await app.ScalarAsync<Guid>("SELECT p.id FROM account_passkeys p JOIN account_credentials c USING (user_id) WHERE c.email = @email", new { email });
        Assert.Contains($"The counter of the passkey {passkey} of user", app.Log.Text, StringComparison.Ordinal);
        // A copy that says it does not count is no way round.
        copy.Counter = 0;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SignInAsync(app.Anonymous(), copy)).StatusCode);
        (await SignInAsync(app.Anonymous(), device)).AssertGoesTo("/dashboard");

        var (_, other) = await GivenAccountAsync();
        var uncounted = new SoftwareAuthenticator { Counter = 0 };
        (await AddAsync(other, uncounted)).AssertGoesTo("/account/passkeys");
        for (var times = 0; times < 2; times++)
            (await SignInAsync(app.Anonymous(), uncounted)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task Of_ten_that_send_one_signature_at_once_one_signs_in()
    {
        var (_, browser) = await GivenAccountAsync();
        var device = await GivenPasskeyAsync(browser);
        var stranger = app.Anonymous();
        var asked = await AskAsync(stranger, SignInPage);
        var answer = device.Sign(asked.Options);

        var codes = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ => (await AnswerAsync(app.Browser(stranger.Jar.Copy()), SignInPage, asked, answer)).StatusCode));

        Assert.Single(codes, HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Adding_takes_the_password_this_session_and_a_credential_that_is_nobody_elses()
    {
        var ((_, browser), (_, other)) = (await GivenAccountAsync(), await GivenAccountAsync());
        (await browser.GetAsync(CreatePage)).AssertGoesTo("/account/passkeys/add");
        Assert.NotNull((await (await browser.PostAsync("/account/passkeys/add", ("Input.Name", "x"), ("Input.Password", "not the password 77"))).ReadHtmlAsync()).ErrorOf("Input.Password"));
        Assert.NotNull((await (await browser.PostAsync("/account/passkeys/add", ("Input.Name", " \u200b "), ("Input.Password", Forms.GoodPassword))).ReadHtmlAsync()).ErrorOf("Input.Name"));
        Assert.NotNull((await (await browser.PostAsync("/account/passkeys/add", ("Input.Name", new string('x', 61)), ("Input.Password", Forms.GoodPassword))).ReadHtmlAsync()).ErrorOf("Input.Name"));
        (await browser.GetAsync(CreatePage)).AssertGoesTo("/account/passkeys/add");

        // A device that says no person was there.
        (await AddAsync(browser, new() { VerifiesUser = false })).AssertGoesTo("/account/passkeys/add");
        (await AddAsync(browser, new() { Origin = "https://evil.test" })).AssertGoesTo("/account/passkeys/add");
        (await AddAsync(browser, new() { RpId = "evil.test" })).AssertGoesTo("/account/passkeys/add");
        // Somebody else's credential, and one's own a second time.
        var device = await GivenPasskeyAsync(other);
        (await AddAsync(browser, new() { CredentialId = device.CredentialId })).AssertGoesTo("/account/passkeys/add");
        (await AddAsync(other, device.Copy())).AssertGoesTo("/account/passkeys/add");
        Assert.Contains("already belongs to an account", (await other.GetPageAsync("/account/passkeys/add")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty((await browser.GetPageAsync("/account/passkeys")).QuerySelectorAll("main li"));
        // What another session began.
        await BeginAsync(browser);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(CreatePage)).StatusCode);
        var begun = browser.Jar.Copy();
        begun["aurion"] = other.Jar["aurion"]!;
        (await app.Browser(begun).GetAsync(CreatePage)).AssertGoesTo("/account/passkeys/add");
        (await SignInAsync(app.Anonymous(), device)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task Nobody_sees_or_removes_the_passkey_of_another()
    {
        var ((_, browser), (_, other)) = (await GivenAccountAsync(), await GivenAccountAsync());
        await GivenPasskeyAsync(browser);
        var remove = (await browser.GetPageAsync("/account/passkeys")).QuerySelector("main li a")!.GetAttribute("href")!;

        Assert.Empty((await other.GetPageAsync("/account/passkeys")).QuerySelectorAll("main li"));
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(remove)).StatusCode);
        var token = await other.FormTokenAsync("/account/passkeys/add");
        Assert.Equal(HttpStatusCode.NotFound, (await other.SendFormAsync(remove, [new("Input.Password", Forms.GoodPassword), new("__RequestVerificationToken", token)])).StatusCode);
        Assert.Single((await browser.GetPageAsync("/account/passkeys")).QuerySelectorAll("main li"));
    }

    [Fact]
    public async Task A_disabled_account_stays_shut_and_one_that_is_to_be_deleted_is_asked_first()
    {
        var (email, browser) = await GivenAccountAsync();
        var device = await GivenPasskeyAsync(browser);
        await app.ExecuteAsync("UPDATE account_credentials SET disabled_at = now() WHERE email = @email", new { email });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SignInAsync(app.Anonymous(), device)).StatusCode);
        await app.ExecuteAsync("UPDATE account_credentials SET disabled_at = NULL WHERE email = @email", new { email });

        await browser.PostAsync("/account/delete");
        var back = app.Anonymous();
        (await SignInAsync(back, device)).AssertGoesTo("/account/keep");
        Assert.Null(back.Jar["aurion"]);
        app.Clock.Advance(AccountDeletions.Grace);
        await app.Service<EraseAccountsJob>().RunAsync(CancellationToken.None);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_passkeys WHERE credential_id = @CredentialId", new { device.CredentialId }));
    }

    [Fact]
    public async Task Asking_is_braked_by_network()
    {
        app.Clock.StopAt(app.Clock.GetUtcNow());
        var stranger = app.Anonymous();
        var codes = new List<HttpStatusCode>();
        for (var times = 0; times < 62; times++)
            codes.Add((await stranger.GetAsync(SignInPage)).StatusCode);

        Assert.Equal(60, codes.TakeWhile(code => code == HttpStatusCode.OK).Count());
        Assert.Equal(HttpStatusCode.TooManyRequests, codes[60]);
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(SignInPage)).StatusCode);
    }

    [Fact]
    public async Task The_page_has_no_inline_code_and_speaks_French()
    {
        var stranger = app.Anonymous();
        stranger.Jar["lang"] = "fr";
        var page = await stranger.GetPageAsync(SignInPage);

        Assert.All(page.Scripts, script => Assert.NotNull(script.GetAttribute("src")));
        Assert.Contains(page.Scripts, script => script.GetAttribute("src")!.StartsWith("/js/passkey", StringComparison.Ordinal));
        Assert.True(page.QuerySelector("form[data-passkey] button")!.HasAttribute("hidden"));
        Assert.Contains("Les clés d’accès ont besoin de JavaScript", page.QuerySelector("noscript")!.InnerHtml, StringComparison.Ordinal);
        Assert.Contains("http://localhost:5080", page.QuerySelector("[data-passkey-status]")!.GetAttribute("data-elsewhere"), StringComparison.Ordinal);
    }

    private static async Task BeginAsync(TestClient browser, string name = "Device") =>
        (await browser.PostAsync("/account/passkeys/add", ("Input.Name", name), ("Input.Password", Forms.GoodPassword))).AssertGoesTo(CreatePage);

    private static async Task<HttpResponseMessage> AddAsync(TestClient browser, SoftwareAuthenticator device, string name = "Device")
    {
        await BeginAsync(browser, name);
        var asked = await AskAsync(browser, CreatePage);
        return await AnswerAsync(browser, CreatePage, asked, device.Create(asked.Options));
    }

    private static async Task<HttpResponseMessage> SignInAsync(TestClient browser, SoftwareAuthenticator device, string returnUrl = "")
    {
        var asked = await AskAsync(browser, SignInPage);
        return await AnswerAsync(browser, SignInPage, asked, device.Sign(asked.Options), returnUrl);
    }

    private static async Task<Asked> AskAsync(TestClient browser, string url)
    {
        var form = (await browser.GetPageAsync(url)).QuerySelector("form[data-passkey]")!;
        return new(form.GetAttribute("data-passkey")!, form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!);
    }

    private static Task<HttpResponseMessage> AnswerAsync(TestClient browser, string url, Asked asked, string answer, string returnUrl = "") =>
        browser.SendFormAsync(url, [new("Answer", answer), new("ReturnUrl", returnUrl), new("__RequestVerificationToken", asked.Token)]);

    private static async Task<SoftwareAuthenticator> GivenPasskeyAsync(TestClient browser)
    {
        var device = new SoftwareAuthenticator();
        (await AddAsync(browser, device)).AssertGoesTo("/account/passkeys");
        return device;
    }

    /// <summary>What a page asks the device, and the token of its form: another reading of the page is another challenge.</summary>
    private sealed record Asked(string Options, string Token);

    private async Task<(string Email, TestClient Browser)> GivenAccountAsync()
    {
        var (email, browser) = ($"passkey{Interlocked.Increment(ref people)}@test.example", app.Anonymous());
        (await browser.SignUpAsync(email)).AssertGoesTo("/dashboard");
        return (email, browser);
    }
}
