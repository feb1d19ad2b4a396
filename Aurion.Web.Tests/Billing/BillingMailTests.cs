using Aurion.Data.Billing;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>What people are told by mail about their money, and that each fact is told once.</summary>
public sealed class BillingMailTests(MailApp app) : IClassFixture<MailApp>
{
    private const string FailsLater = "4000000000000341";

    [Fact]
    public async Task A_payment_is_receipted_with_amount_plan_credits_and_the_document()
    {
        var user = await app.GivenSubscriberAsync("plus");

        var mail = Assert.Single(await app.MailboxAsync(user));

        Assert.Equal("Your payment of $29.00", mail.Subject);
        Assert.Contains("Plus, by the month", mail.Text, StringComparison.Ordinal);
        Assert.Contains("5,000 a month", mail.Text, StringComparison.Ordinal);
        Assert.Contains(mail.Links, link => link.EndsWith("/pdf", StringComparison.Ordinal));
        Assert.Contains("http://127.0.0.1:5080/billing", mail.Links);
        Assert.Contains("<html lang=\"en\">", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_receipt_is_in_the_language_of_its_reader()
    {
        var user = await app.GivenUserAsync();
        await app.SpeakAsync(user, "fr");
        await app.PayAsync(await app.OpenCheckoutAsync(user, "starter", "year"));
        await app.SettleAsync();

        var mail = Assert.Single(await app.MailboxAsync(user));

        Assert.Equal("Votre paiement de 90,00\u00a0$", mail.Subject);
        Assert.Contains("Starter, à l’année", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Ouvrir la facture", mail.Html, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"fr\">", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_fact_is_mailed_once_however_often_it_is_told()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.MailboxAsync(user);
        var subscription = (await app.AccountAsync(user)).Subscription!;

        for (var times = 0; times < 3; times++)
        {
            await app.ExecuteAsync("UPDATE stripe_invoices SET hosted_url = 'elsewhere' WHERE user_id = @Id", new { user.Id });
            await app.Service<AccountConverger>().ConvergeAsync("subscription", subscription, CancellationToken.None);
        }

        Assert.Single(await app.MailboxAsync(user));
    }

    [Fact]
    public async Task A_preview_of_a_change_mails_nothing()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.SignedInAs(user).GetPageAsync("/billing/change?plan=plus&interval=month");

        Assert.Single(await app.MailboxAsync(user));
    }

    [Fact]
    public async Task A_cancellation_leaves_a_dated_receipt_and_another_one_when_it_is_repeated()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var browser = app.SignedInAs(user);
        await CancelAsync(browser);
        await browser.PostFormAsync("/billing/resume", from: "/billing/cancel");
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await CancelAsync(browser);
        await app.SettleAsync();

        var mails = (await app.MailboxAsync(user)).Where(mail => mail.Subject == "Your contract is cancelled").ToList();

        Assert.Equal(2, mails.Count);
        var account = await app.AccountAsync(user);
        Assert.All(mails, mail => Assert.Contains(account.Subscription!, mail.Text, StringComparison.Ordinal));
        Assert.All(mails, mail => Assert.Matches(@"Cancelled on: .* at \d\d:\d\d \(UTC\)\r?\nEnds on: ", mail.Text));
        Assert.NotEqual(mails[0].Text, mails[1].Text);
        Assert.Contains("http://127.0.0.1:5080/billing/cancel", mails[0].Links);
    }

    [Fact]
    public async Task A_failed_renewal_tells_the_way_to_pay_and_until_when_credits_work()
    {
        var user = await app.GivenSubscriberAsync("starter", card: FailsLater);
        await app.AdvanceAsync((await app.AccountAsync(user)).Ends.AddHours(2) - app.Clock.GetUtcNow().UtcDateTime);

        var mail = Assert.Single(await app.MailboxAsync(user), mail => mail.Subject == "Your payment failed");

        var grace = new DateTimeOffset(await app.ScalarAsync<DateTime>("SELECT grace_ends_at FROM user_plans WHERE user_id = @Id", new { user.Id }), TimeSpan.Zero);
        Assert.Contains($"until {grace.UtcDateTime:MMMM} {grace.Day}, {grace.Year}", mail.Text, StringComparison.Ordinal);
        Assert.Contains(await app.ScalarAsync<string>("SELECT hosted_url FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", new { user.Id }), mail.Links);

        await app.AdvanceAsync(TimeSpan.FromDays(4));
        Assert.Single(await app.MailboxAsync(user), mail => mail.Subject == "Your payment failed");
    }

    [Theory]
    [InlineData("en", "Your payment of $4.00", "with your saved card, as you allowed", "Open the receipt")]
    [InlineData("fr", "Votre paiement de 4,00\u00a0$", "avec votre carte enregistrée", "Ouvrir le reçu")]
    public async Task A_top_up_is_receipted_with_the_way_to_its_document_and_to_the_switch(string language, string subject, string words, string link)
    {
        var user = await app.GivenUserAsync(credits: 50);
        await app.SpeakAsync(user, language);
        await app.PayAsync((await app.SignedInAs(user).PostFormAsync("/billing/top-up/card", from: "/billing/top-up")).Headers.Location!);
        await app.SettleAsync();
        await app.Service<TopUpSwitch>().AllowAsync(user.Id, new TopUpWish(200, "small", 100_000), "visa 4242", CancellationToken.None);
        await app.SpendAsync(user, "text-editor");
        await app.Service<TopUpCreditsJob>().RunAsync(CancellationToken.None);

        var mail = Assert.Single(await app.MailboxAsync(user));

        Assert.Equal(subject, mail.Subject);
        Assert.Contains(words, mail.Text, StringComparison.Ordinal);
        Assert.Contains(link, mail.Html, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:5080/billing/top-up", mail.Links);
        var receipt = await app.ScalarAsync<Guid>("SELECT operation_id FROM purchases WHERE user_id = @Id", new { user.Id });
        Assert.Contains($"http://127.0.0.1:5080/billing/packs/receipt/{receipt}", mail.Links);
    }

    private Task<HttpResponseMessage> CancelAsync(TestClient browser) =>
        browser.PostFormAsync("/billing/cancel", new { operationId = Guid.CreateVersion7(app.Clock.GetUtcNow()) });
}
