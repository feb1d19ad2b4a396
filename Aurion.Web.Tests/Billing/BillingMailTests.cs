using Aurion.Data.Billing;
using Aurion.Web.Billing.Mails;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Subscriptions;
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
        Assert.All(mails, mail => Assert.Matches(@"Cancelled on \.\.\.+ .* at \d\d:\d\d \(UTC\)\r?\nEnds on \.\.\.+ ", mail.Text));
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

    [Fact]
    public async Task A_pack_is_receipted_with_what_was_bought()
    {
        var user = await app.GivenUserAsync();
        await app.PayAsync((await app.SignedInAs(user).PostFormAsync("/billing/packs", new { pack = "medium", keepCard = false })).Headers.Location!);
        await app.SettleAsync();

        var mail = Assert.Single(await app.MailboxAsync(user));

        Assert.Equal("Your payment of $12.00", mail.Subject);
        Assert.Matches(@"Bought \.{3,} Pack of 1,000 credits", mail.Text);
        Assert.Matches(@"Credits \.{3,} \+1,000", mail.Text);
        Assert.Contains(await app.ScalarAsync<string>("SELECT pdf_url FROM stripe_invoices WHERE user_id = @Id", new { user.Id }), mail.Links);
    }

    [Fact]
    public async Task An_open_payment_is_told_three_times_and_the_freeze_once_however_often_the_job_runs()
    {
        var user = await app.GivenSubscriberAsync("starter", card: FailsLater);
        await app.AdvanceAsync((await app.AccountAsync(user)).Ends.AddHours(2) - app.Clock.GetUtcNow().UtcDateTime);
        Assert.Equal(["payment_failed"], await ToldAsync(user));

        await app.AdvanceAsync(TimeSpan.FromDays(2.9));
        Assert.Equal(["payment_failed"], await ToldAsync(user));
        await app.AdvanceAsync(TimeSpan.FromDays(0.1));
        Assert.Equal(["payment_failed", "payment_failed_again"], await ToldAsync(user));
        await app.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal(["payment_failed", "payment_failed_again", "payment_failed_last"], await ToldAsync(user));
        await app.AdvanceAsync(TimeSpan.FromDays(1));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => app.Service<RemindOfPaymentsJob>().RunAsync(CancellationToken.None))));
        Assert.Equal(["payment_failed", "payment_failed_again", "payment_failed_last", "plan_frozen"], await ToldAsync(user));

        var mails = await app.MailboxAsync(user);
        var invoice = await app.ScalarAsync<string>("SELECT hosted_url FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", new { user.Id });
        Assert.All(mails.Skip(1), mail => Assert.Contains(invoice, mail.Links));
        Assert.All(mails.Skip(1), mail => Assert.Matches(@"Open \.{3,} \$9\.00", mail.Text));
        Assert.Equal("Your plan is frozen", mails[^1].Subject);
    }

    [Fact]
    public async Task A_job_that_comes_late_tells_the_last_stage_only_and_whoever_has_paid_is_told_none()
    {
        var (late, paid) = (await app.GivenSubscriberAsync("starter", card: FailsLater), await app.GivenSubscriberAsync("starter", card: FailsLater));
        await app.AdvanceAsync((await app.AccountAsync(paid)).Ends.AddHours(2) - app.Clock.GetUtcNow().UtcDateTime);
        var invoice = await app.ScalarAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", new { paid.Id });
        await app.AtStripeAsync(HttpMethod.Post, $"invoices/{invoice}/pay", ("payment_method", "pm_card_visa"));
        await app.AdvanceAsync(TimeSpan.FromDays(8));

        Assert.Equal(["payment_failed", "plan_frozen"], await ToldAsync(late));
        Assert.Equal(["payment_failed"], await ToldAsync(paid));
    }

    [Fact]
    public async Task The_renewal_of_a_year_is_told_once_while_there_is_time_to_cancel_and_not_after_a_cancellation()
    {
        var (stays, leaves) = (await app.GivenSubscriberAsync("starter", "year"), await app.GivenSubscriberAsync("starter", "year"));
        await CancelAsync(app.SignedInAs(leaves));
        await app.AdvanceAsync(TimeSpan.FromDays(319));
        Assert.DoesNotContain("renewal_ahead", await ToldAsync(stays));
        await app.AdvanceAsync(TimeSpan.FromDays(2));
        await ToldAsync(stays);
        await app.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.Single(await ToldAsync(stays), "renewal_ahead");
        Assert.DoesNotContain("renewal_ahead", await ToldAsync(leaves));
        var mail = (await app.MailboxAsync(stays))[^1];
        Assert.StartsWith("Your Starter plan renews on ", mail.Subject, StringComparison.Ordinal);
        Assert.Matches(@"Card \.{3,} Visa •••• 4242", mail.Text);
        Assert.Matches(@"Amount \.{3,} \$90\.00", mail.Text);
        Assert.Contains("http://127.0.0.1:5080/billing/cancel", mail.Links);
    }

    [Fact]
    public async Task Another_plan_is_told_when_it_begins_and_its_end_when_it_is_over()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var changes = app.Service<PlanChanges>();
        var shown = Assert.IsType<ChangeResult.Previewed>(await changes.PreviewAsync(user.Id, "plus", "month", CancellationToken.None)).Preview;
        await changes.ChangeAsync(user.Id, new PlanChange("plus", "month", shown.At, shown.DueCents, shown.CreditsAfter, Guid.CreateVersion7(app.Clock.GetUtcNow())), CancellationToken.None);
        await app.SettleAsync();
        var begun = Assert.Single(await app.MailboxAsync(user), mail => mail.Subject == "Your Plus plan has begun");
        Assert.Matches(@"Before \.{3,} Starter, by the month", begun.Text);
        Assert.Matches(@"Credits \.{3,} 5,000 a month", begun.Text);

        await CancelAsync(app.SignedInAs(user));
        await app.AdvanceAsync(TimeSpan.FromDays(32));
        await app.AdvanceAsync(TimeSpan.FromHours(2));

        var ended = Assert.Single(await app.MailboxAsync(user), mail => mail.Subject == "Your Plus plan has ended");
        Assert.Contains("The contract is over", ended.Text, StringComparison.Ordinal);
        Assert.Matches($@"Balance \.{{3,}} {await app.ScalarAsync<int>("SELECT spendable_credits(c, @now) FROM user_credits c WHERE c.user_id = @Id", new { user.Id, now = app.Clock.GetUtcNow() })}\b", ended.Text);
        Assert.Single(await app.MailboxAsync(user), mail => mail.Subject == "Your Plus plan has begun");
    }

    /// <summary>Runs the reminders; then what was queued about money, oldest first.</summary>
    private async Task<IReadOnlyList<string>> ToldAsync(TestUser user)
    {
        await app.Service<RemindOfPaymentsJob>().RunAsync(CancellationToken.None);
        return await app.QueryAsync<string>("SELECT kind FROM mails WHERE user_id = @Id AND kind ~ 'failed|frozen|renewal' ORDER BY created_at, kind", new { user.Id });
    }

    private Task<HttpResponseMessage> CancelAsync(TestClient browser) =>
        browser.PostFormAsync("/billing/cancel", new { operationId = Guid.CreateVersion7(app.Clock.GetUtcNow()) });
}
