using System.Net;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

/// <summary>Another address: shown by the new mailbox, told to the old one, which has the way back.</summary>
public sealed class AddressChangeTests(MailApp app) : IClassFixture<MailApp>
{
    private static int people;

    [Fact]
    public async Task The_new_mailbox_confirms_and_the_old_one_can_take_it_back()
    {
        var (email, browser) = await GivenAccountAsync();
        var wanted = "new." + email;

        (await AskAsync(browser, wanted)).AssertGoesTo("/account/email?sent=true");
        Assert.Empty(await app.MailboxAsync(email));
        (await app.Anonymous().SignInAsync(email)).AssertGoesTo("/dashboard");
        var owner = app.Anonymous();
        var link = await LinkAsync(wanted);
        (await owner.GetAsync(link)).AssertGoesTo("/account/email/confirm");
        Assert.Contains(wanted, (await owner.GetPageAsync("/account/email/confirm")).Body!.TextContent, StringComparison.Ordinal);
        (await owner.PostAsync("/account/email/confirm")).AssertGoesTo("/account/sign-in");

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.Anonymous().SignInAsync(email)).StatusCode);
        var moved = app.Anonymous();
        (await moved.SignInAsync(wanted)).AssertGoesTo("/dashboard");
        Assert.Equal("confirmed", (await moved.GetPageAsync("/account")).QuerySelector("main .tag.ok")!.TextContent.Trim());
        Assert.Equal(HttpStatusCode.Gone, (await PressAsync(link)).StatusCode);

        var notice = Assert.Single(await app.MailboxAsync(email));
        Assert.Equal("The address of your account was changed", notice.Subject);
        (await PressAsync(await LinkAsync(email))).AssertGoesTo("/account/sign-in");
        (await app.Anonymous().SignInAsync(email)).AssertGoesTo("/dashboard");
        Assert.Equal(HttpStatusCode.Redirect, (await moved.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task Somebody_elses_address_is_answered_alike_gets_no_mail_and_is_not_taken()
    {
        var ((email, browser), (taken, _)) = (await GivenAccountAsync(), await GivenAccountAsync());

        (await AskAsync(browser, taken)).AssertGoesTo("/account/email?sent=true");
        (await AskAsync(browser, "admin@test.example")).AssertGoesTo("/account/email?sent=true");

        Assert.Empty(await app.MailboxAsync(taken));
        Assert.Empty(await app.MailboxAsync("admin@test.example"));
        Assert.Equal(2, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_credentials WHERE email IN (@email, @taken)", new { email, taken }));
    }

    [Fact]
    public async Task An_address_that_somebody_signed_up_with_meanwhile_stays_theirs()
    {
        var (email, browser) = await GivenAccountAsync();
        var wanted = "wanted." + email;
        await AskAsync(browser, wanted);
        var link = await LinkAsync(wanted);
        (await app.Anonymous().SignUpAsync(wanted)).AssertGoesTo("/dashboard");

        Assert.Equal(HttpStatusCode.Conflict, (await PressAsync(link)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
        (await app.Anonymous().SignInAsync(email)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task A_wrong_password_the_same_address_and_none_are_refused_and_guessing_is_braked()
    {
        var (email, browser) = await GivenAccountAsync();

        Assert.NotNull((await (await AskAsync(browser, "other." + email, "not the password 77")).ReadHtmlAsync()).ErrorOf("Input.Password"));
        Assert.NotNull((await (await AskAsync(browser, email)).ReadHtmlAsync()).ErrorOf("Input.Email"));
        Assert.NotNull((await (await AskAsync(browser, "nobody")).ReadHtmlAsync()).ErrorOf("Input.Email"));
        Assert.NotNull((await (await AskAsync(browser, "")).ReadHtmlAsync()).ErrorOf("Input.Email"));
        for (var i = 0; i < 8; i++)
            await AskAsync(browser, "other." + email, "not the password 77");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(browser, "other." + email, "not the password 77")).StatusCode);
        Assert.Empty(await app.MailboxAsync("other." + email));
    }

    [Fact]
    public async Task Of_two_that_confirm_one_address_at_once_one_has_it()
    {
        var ((email, first), (_, second)) = (await GivenAccountAsync(), await GivenAccountAsync());
        var wanted = "race." + email;
        await AskAsync(first, wanted);
        await AskAsync(second, wanted);
        var links = (await app.MailboxAsync(wanted)).Select(mail => new Uri(mail.Links.First(link => link.Contains("/confirm", StringComparison.Ordinal))).PathAndQuery).ToList();
        Assert.Equal(2, links.Count);

        var answers = await Task.WhenAll(links.Select(PressAsync));

        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_credentials WHERE email = @wanted", new { wanted }));
    }

    [Fact]
    public async Task A_browser_that_is_new_to_an_account_is_told_to_its_owner_and_a_known_one_is_not()
    {
        var (email, browser) = await GivenAccountAsync();
        await browser.PostAsync("/account/sign-out");
        (await browser.SignInAsync(email)).AssertGoesTo("/dashboard");
        Assert.DoesNotContain(await app.MailboxAsync(email, routine: true), mail => mail.Subject == "New sign-in to your account");

        (await app.Anonymous().SignInAsync(email)).AssertGoesTo("/dashboard");
        await app.Anonymous().SignInAsync(email, "not the password 77");

        Assert.Single(await app.MailboxAsync(email, routine: true), mail => mail.Subject == "New sign-in to your account");
    }

    private static Task<HttpResponseMessage> AskAsync(TestClient browser, string email, string password = Forms.GoodPassword) =>
        browser.PostAsync("/account/email", ("Input.Email", email), ("Input.Password", password));

    private async Task<HttpResponseMessage> PressAsync(string link)
    {
        var browser = app.Anonymous();
        var opened = await browser.GetAsync(link);
        return opened.StatusCode == HttpStatusCode.Redirect ? await browser.PostAsync("/account/email/confirm") : opened;
    }

    private async Task<string> LinkAsync(string email) =>
        new Uri((await app.MailboxAsync(email))[^1].Links.First(link => link.Contains("/account/email/confirm", StringComparison.Ordinal))).PathAndQuery;

    private async Task<(string Email, TestClient Browser)> GivenAccountAsync()
    {
        var (email, browser) = ($"mover{Interlocked.Increment(ref people)}@test.example", app.Anonymous());
        (await browser.SignUpAsync(email)).AssertGoesTo("/dashboard");
        return (email, browser);
    }
}
