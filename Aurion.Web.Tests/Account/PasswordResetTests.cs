using System.Net;
using System.Web;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

/// <summary>The way from a forgotten password to a new one, which leads through the mailbox and through nothing else.</summary>
public sealed class PasswordResetTests(MailApp app) : IClassFixture<MailApp>
{
    private const string NewPassword = "marie irene eve 1911";
    private static int people;

    [Fact]
    public async Task The_mailed_link_leads_to_a_new_password_and_ends_every_session()
    {
        var (email, before) = await GivenAccountAsync();
        var (browser, link) = (app.Anonymous(), await AskAsync(email));

        (await browser.GetAsync(link)).AssertGoesTo("/account/reset");
        Assert.Contains(email, (await browser.GetPageAsync("/account/reset")).Body!.TextContent, StringComparison.Ordinal);
        (await ChooseAsync(browser, NewPassword)).AssertGoesTo("/account/sign-in");

        Assert.Contains("Your password has been changed.", (await browser.GetPageAsync("/account/sign-in")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await before.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.Anonymous().SignInAsync(email)).StatusCode);
        (await browser.SignInAsync(email, NewPassword)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task The_owner_is_told_that_the_password_was_changed_whichever_way()
    {
        var (email, browser) = await GivenAccountAsync();
        (await browser.ChangePasswordAsync(Forms.GoodPassword, NewPassword)).AssertGoesTo("/account");

        var mail = Assert.Single(await app.MailboxAsync(email));

        Assert.Equal("Your password was changed", mail.Subject);
        Assert.Contains("http://127.0.0.1:5080/account/forgotten", mail.Links);
        await OpenAsync(browser = app.Anonymous(), await AskAsync(email));
        (await ChooseAsync(browser, Forms.GoodPassword)).AssertGoesTo("/account/sign-in");
        Assert.Equal(2, (await app.MailboxAsync(email)).Count(told => told.Subject == mail.Subject));
    }

    [Fact]
    public async Task Nothing_differs_between_an_address_we_know_and_one_we_do_not()
    {
        var (email, _) = await GivenAccountAsync();

        var known = await app.Anonymous().AskForResetAsync(email);
        var stranger = await app.Anonymous().AskForResetAsync("nobody-here@test.example");

        known.AssertGoesTo("/account/forgotten?sent=true");
        stranger.AssertGoesTo("/account/forgotten?sent=true");
        Assert.Equal(known.Headers.Concat(known.Content.Headers).Select(h => h.Key), stranger.Headers.Concat(stranger.Content.Headers).Select(h => h.Key));
        Assert.Single(await app.MailboxAsync(email));
        Assert.Empty(await app.MailboxAsync("nobody-here@test.example"));
    }

    [Fact]
    public async Task Asking_too_often_is_refused_alike_for_everybody_and_says_when()
    {
        var (email, _) = await GivenAccountAsync();
        app.Clock.StopAt(app.Clock.GetUtcNow().AddHours(1));
        foreach (var address in new[] { email, "never-seen@test.example" })
        {
            for (var i = 0; i < 4; i++)
                (await app.Anonymous().AskForResetAsync(address)).AssertGoesTo("/account/forgotten?sent=true");

            var refused = await app.Anonymous().AskForResetAsync(address);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromMinutes(10), refused.Headers.RetryAfter?.Delta);
        }
        // Four presses within a minute are one mail.
        Assert.Single(await app.MailboxAsync(email));
    }

    [Fact]
    public async Task Of_ten_that_use_one_link_at_once_one_sets_the_password()
    {
        var (email, _) = await GivenAccountAsync();
        var link = await AskAsync(email);
        var browsers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async number =>
        {
            var browser = app.Anonymous();
            await OpenAsync(browser, link);
            return (Browser: browser, Token: await browser.FormTokenAsync("/account/reset"), Password: $"{NewPassword} {number}");
        }));

        var answers = await Task.WhenAll(browsers.Select(async b =>
            (b.Password, Answer: await b.Browser.SendFormAsync("/account/reset", [new("Input.Wanted", b.Password), new("__RequestVerificationToken", b.Token)]))));

        var chosen = Assert.Single(answers, a => a.Answer.StatusCode == HttpStatusCode.Redirect);
        // Whoever came while too many were hashing is told to come back, and finds the link used.
        Assert.All(answers.Except([chosen]), a => Assert.Contains(a.Answer.StatusCode, new[] { HttpStatusCode.Gone, HttpStatusCode.ServiceUnavailable }));
        (await app.Anonymous().SignInAsync(email, chosen.Password)).AssertGoesTo("/dashboard");
        Assert.Equal(HttpStatusCode.Gone, (await app.Anonymous().GetAsync(link)).StatusCode);
    }

    [Theory]
    [InlineData("an hour")]
    [InlineData("another password")]
    [InlineData("a disabled account")]
    [InlineData("another letter")]
    [InlineData("no signature")]
    [InlineData("a session")]
    public async Task A_link_that_has_ended_or_is_not_ours_opens_nothing(string reason)
    {
        var (email, before) = await GivenAccountAsync();
        var link = await AskAsync(email);
        var browser = app.Anonymous();
        await OpenAsync(browser, link);
        switch (reason)
        {
            case "an hour":
                app.Clock.Advance(TimeSpan.FromMinutes(61));
                break;
            case "another password":
                await before.ChangePasswordAsync(Forms.GoodPassword, "and yet another one");
                break;
            case "a disabled account":
                await app.ExecuteAsync("SELECT disable_account(user_id, now()) FROM account_credentials WHERE email = @email", new { email });
                break;
            case "another letter":
                (browser, link) = (app.Anonymous(), link[..^1] + (link[^1] == 'A' ? 'Q' : 'A'));
                break;
            case "no signature":
                (browser, link) = (app.Anonymous(), link[..(link.LastIndexOf('.') + 1)]);
                break;
            default:
                (browser, link) = (app.Anonymous(), "/account/reset?token=" + before.Jar["aurion"]);
                break;
        }

        Assert.Equal(HttpStatusCode.Gone, (await app.Anonymous().GetAsync(link)).StatusCode);
        var page = await browser.GetAsync("/account/reset");
        Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
        Assert.NotNull((await page.ReadHtmlAsync()).QuerySelector("main a[href='/account/forgotten']"));
        var token = await browser.FormTokenAsync("/account/forgotten");
        Assert.Equal(HttpStatusCode.Gone, (await browser.SendFormAsync("/account/reset", [new("Input.Wanted", NewPassword), new("__RequestVerificationToken", token)])).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.Anonymous().SignInAsync(email, NewPassword)).StatusCode);
    }

    [Fact]
    public async Task A_weak_password_is_refused_and_the_link_still_works()
    {
        var (email, _) = await GivenAccountAsync();
        var browser = app.Anonymous();
        await OpenAsync(browser, await AskAsync(email));

        var (weak, own, empty) = (await ChooseAsync(browser, "password123"), await ChooseAsync(browser, email), await ChooseAsync(browser, ""));

        Assert.All(new[] { weak, own, empty }, answer => Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode));
        Assert.StartsWith("This password is too common.", (await weak.ReadHtmlAsync()).ErrorOf("Input.Wanted"));
        Assert.NotNull((await own.ReadHtmlAsync()).ErrorOf("Input.Wanted"));
        Assert.Equal("Choose a password.", (await empty.ReadHtmlAsync()).ErrorOf("Input.Wanted"));
        (await ChooseAsync(browser, NewPassword)).AssertGoesTo("/account/sign-in");
    }

    [Theory]
    [InlineData("", "Enter your e-mail address.")]
    [InlineData("nobody", "Enter a valid e-mail address, such as name@example.com.")]
    public async Task What_is_not_an_address_is_said_beside_it(string typed, string error)
    {
        var answer = await app.Anonymous().AskForResetAsync(typed);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(error, (await answer.ReadHtmlAsync()).ErrorOf("Input.Email"));
    }

    [Fact]
    public async Task The_token_is_neither_stored_nor_logged_and_signs_nobody_in()
    {
        var (email, _) = await GivenAccountAsync();
        var link = await AskAsync(email);
        var token = HttpUtility.ParseQueryString(link.Split('?')[1])["token"]!;
        var browser = app.Anonymous();
        await OpenAsync(browser, link);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.WithToken(token).GetAsync("/live/balance")).StatusCode);
        (await ChooseAsync(browser, NewPassword)).AssertGoesTo("/account/sign-in");

        var signature = token.Split('.')[^1];
        Assert.DoesNotContain(signature, app.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(await app.QueryAsync<string>("SELECT facts::text FROM mails"), facts => facts.Contains(signature, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_mail_is_in_the_language_of_its_reader()
    {
        var (email, _) = await GivenAccountAsync();
        await app.ExecuteAsync("UPDATE profiles SET locale = 'fr' WHERE email = @email", new { email });
        await app.Anonymous().AskForResetAsync(email);

        var mail = Assert.Single(await app.MailboxAsync(email));

        Assert.Equal("Choisir un nouveau mot de passe", mail.Subject);
        Assert.Contains("<html lang=\"fr\">", mail.Html, StringComparison.Ordinal);
    }

    private async Task<(string Email, TestClient Browser)> GivenAccountAsync()
    {
        var (email, browser) = ($"forgets{Interlocked.Increment(ref people)}@test.example", app.Anonymous());
        (await browser.SignUpAsync(email)).AssertGoesTo("/dashboard");
        return (email, browser);
    }

    /// <summary>The link in the mail that came, as an address on this site.</summary>
    private async Task<string> AskAsync(string email)
    {
        (await app.Anonymous().AskForResetAsync(email)).AssertGoesTo("/account/forgotten?sent=true");
        var mail = (await app.MailboxAsync(email)).Last(mail => mail.Subject == "Choose a new password");
        return new Uri(Assert.Single(mail.Links)).PathAndQuery;
    }

    private static async Task OpenAsync(TestClient browser, string link) => (await browser.GetAsync(link)).AssertGoesTo("/account/reset");

    private static Task<HttpResponseMessage> ChooseAsync(TestClient browser, string wanted) => browser.PostAsync("/account/reset", ("Input.Wanted", wanted));
}

/// <summary>A site that was set up without a mail server.</summary>
public sealed class PasswordResetWithoutMailTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task It_says_so_and_does_not_promise_a_mail()
    {
        var answer = await app.Anonymous().AskForResetAsync("anybody@test.example");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.StartsWith("This site cannot send e-mail at the moment.", (await answer.ReadHtmlAsync()).Refusal());
    }
}
