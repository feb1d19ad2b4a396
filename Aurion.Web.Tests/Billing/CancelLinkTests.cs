using System.Net;
using Aurion.Web.Tests.Account;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Cancelling without signing in: the way leads through the mailbox of the account, and through nothing else.</summary>
public sealed class CancelLinkTests(MailApp app) : IClassFixture<MailApp>
{
    private const string FailsLater = "4000000000000341";
    private const string Disputed = "4000000000000259";

    [Fact]
    public async Task The_footer_leads_a_visitor_to_the_form_that_mails_the_link()
    {
        var (browser, user) = (app.Anonymous(), await app.GivenSubscriberAsync("starter"));

        Assert.NotNull((await browser.GetPageAsync("/pricing")).QuerySelector("footer a[href='/billing/cancel']"));
        (await browser.GetAsync("/billing/cancel")).AssertGoesTo("/billing/cancel/request");

        var receipt = Assert.Single(await app.MailboxAsync(user));
        Assert.Contains("http://127.0.0.1:5080/billing/cancel", receipt.Links);
    }

    [Theory]
    [InlineData("active")]
    [InlineData("past due")]
    [InlineData("frozen")]
    [InlineData("disputed")]
    [InlineData("disabled")]
    public async Task The_link_cancels_in_every_state_and_says_what_stays_due(string state)
    {
        var user = await app.GivenSubscriberAsync("starter", card: state switch { "past due" or "frozen" => FailsLater, "disputed" => Disputed, _ => "4242424242424242" });
        if (state is "past due" or "frozen")
            await app.AdvanceAsync((await app.AccountAsync(user)).Ends.AddHours(2) - app.Clock.GetUtcNow().UtcDateTime);
        if (state == "frozen")
            await app.AdvanceAsync(TimeSpan.FromDays(8));
        if (state == "disputed")
            await app.SettleAsync();
        if (state == "disabled")
            await app.ExecuteAsync("SELECT disable_account(@Id, @now)", new { user.Id, now = app.Clock.GetUtcNow() });
        var browser = app.Anonymous();

        (await browser.GetAsync(await AskAsync(user.Email))).AssertGoesTo("/billing/cancel/link");
        var question = (await browser.GetPageAsync("/billing/cancel/link")).QuerySelector("main")!;
        Assert.Contains("Cancel Starter?", question.TextContent, StringComparison.Ordinal);
        (await browser.PostFormAsync("/billing/cancel/link")).AssertGoesTo("/billing/cancel/link");

        var receipt = (await browser.GetPageAsync("/billing/cancel/link")).QuerySelector("main")!;
        Assert.Contains("Your contract is cancelled", receipt.TextContent, StringComparison.Ordinal);
        var owes = state is "past due" or "frozen";
        foreach (var page in new[] { question, receipt })
        {
            Assert.Equal(owes, page.TextContent.Contains("$9.00 stay due for the period that has begun", StringComparison.Ordinal));
            Assert.Equal(owes ? await app.ScalarAsync<string>("SELECT hosted_url FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", user) : null,
                page.QuerySelectorAll("a").SingleOrDefault(a => a.TextContent == "Pay now")?.GetAttribute("href"));
        }
        Assert.True((await app.AtStripeAsync(HttpMethod.Get, $"subscriptions/{(await app.AccountAsync(user)).Subscription}")).GetProperty("cancel_at_period_end").GetBoolean());
        Assert.Single(await app.MailboxAsync(user), mail => mail.Subject == "Your contract is cancelled");
    }

    [Fact]
    public async Task A_mail_scanner_that_opens_the_link_cancels_nothing()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var link = await AskAsync(user.Email);

        foreach (var scanner in new[] { app.Anonymous(), app.Anonymous() })
        {
            await scanner.GetAsync(link);
            await scanner.GetPageAsync("/billing/cancel/link");
            await scanner.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri(link, UriKind.Relative)));
        }

        Assert.False(await app.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM plan_change_intents WHERE user_id = @Id)", new { user.Id }));
    }

    [Fact]
    public async Task An_address_without_a_contract_or_without_an_account_gets_the_same_answer()
    {
        var (payer, free) = (await app.GivenSubscriberAsync("starter"), await app.GivenUserAsync());

        foreach (var email in new[] { payer.Email, free.Email, "nobody-at-all@test.example" })
            (await RequestAsync(email)).AssertGoesTo("/billing/cancel/request?sent=true");

        Assert.Contains(await app.MailboxAsync(payer), mail => mail.Subject == "Cancel your contract");
        Assert.Equal("There is nothing to cancel", Assert.Single(await app.MailboxAsync(free)).Subject);
        Assert.Empty(await app.MailboxAsync("nobody-at-all@test.example"));
    }

    [Fact]
    public async Task Asking_too_often_is_refused_alike_for_everybody_and_says_when()
    {
        var user = await app.GivenSubscriberAsync("starter");
        app.Clock.Advance(TimeSpan.FromHours(1));
        foreach (var email in new[] { user.Email, "never-a-payer@test.example" })
        {
            for (var i = 0; i < 4; i++)
                (await RequestAsync(email)).AssertGoesTo("/billing/cancel/request?sent=true");

            var refused = await RequestAsync(email);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        }
    }

    [Fact]
    public async Task A_link_that_did_its_work_does_not_cancel_what_was_taken_back_since()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var (browser, link) = (app.Anonymous(), await AskAsync(user.Email));
        await browser.GetAsync(link);
        var form = await browser.FormTokenAsync("/billing/cancel/link");
        await browser.PostFormAsync("/billing/cancel/link");
        await app.SignedInAs(user).PostFormAsync("/billing/resume", from: "/billing/cancel");

        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync("/billing/cancel/link")).StatusCode);
        await browser.SendFormAsync("/billing/cancel/link", [new("__RequestVerificationToken", form)]);

        Assert.False((await app.AtStripeAsync(HttpMethod.Get, $"subscriptions/{(await app.AccountAsync(user)).Subscription}")).GetProperty("cancel_at_period_end").GetBoolean());
    }

    [Theory]
    [InlineData("a day")]
    [InlineData("a session")]
    [InlineData("a password link")]
    [InlineData("nothing")]
    public async Task What_is_no_valid_link_opens_nothing(string token)
    {
        var user = await app.GivenSubscriberAsync("starter");
        var address = "/billing/cancel/link?token=" + user.Token;
        if (token == "a day")
        {
            address = await AskAsync(user.Email);
            app.Clock.Advance(TimeSpan.FromHours(25));
        }
        else if (token == "a password link")
        {
            var email = "forgets-and-pays@test.example";
            await app.Anonymous().SignUpAsync(email);
            await app.Anonymous().AskForResetAsync(email);
            address = address.Split('?')[0] + new Uri(Assert.Single(Assert.Single(await app.MailboxAsync(email)).Links)).Query;
        }
        else if (token == "nothing")
        {
            address = address.Split('?')[0];
        }

        var answer = await app.Anonymous().GetAsync(address);

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.NotNull((await answer.ReadHtmlAsync()).QuerySelector("main a[href='/billing/cancel/request']"));
    }

    [Fact]
    public async Task The_link_resets_no_password()
    {
        var user = await app.GivenSubscriberAsync("starter");

        var answer = await app.Anonymous().GetAsync("/account/reset" + new Uri($"http://x{await AskAsync(user.Email)}").Query);

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
    }

    [Fact]
    public async Task The_mail_and_the_page_speak_the_language_of_their_reader()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.SpeakAsync(user, "fr");
        await RequestAsync(user.Email);

        var mail = (await app.MailboxAsync(user))[^1];

        Assert.Equal("Résilier votre contrat", mail.Subject);
        var browser = app.Anonymous();
        browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr");
        await browser.GetAsync(new Uri(Assert.Single(mail.Links)).PathAndQuery);
        Assert.Contains("Résilier Starter", (await browser.GetPageAsync("/billing/cancel/link")).Body!.TextContent, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> RequestAsync(string email) => app.Anonymous().PostAsync("/billing/cancel/request", ("Input.Email", email));

    /// <summary>The link in the mail that came, as an address on this site.</summary>
    private async Task<string> AskAsync(string email)
    {
        (await RequestAsync(email)).AssertGoesTo("/billing/cancel/request?sent=true");
        var mail = (await app.MailboxAsync(email)).Last(mail => mail.Subject == "Cancel your contract");
        return new Uri(Assert.Single(mail.Links)).PathAndQuery;
    }
}
