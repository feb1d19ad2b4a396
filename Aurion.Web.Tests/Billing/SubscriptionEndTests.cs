using System.Globalization;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Ends and pauses that come from elsewhere, and cancelling in every state.</summary>
public sealed class SubscriptionEndTests(SubscriptionEndTests.App app) : IClassFixture<SubscriptionEndTests.App>
{
    [Fact]
    public async Task An_end_on_a_date_is_an_end_and_can_be_taken_back()
    {
        var user = await app.GivenPayerAsync("starter");
        var account = await app.AccountAsync(user);
        Assert.Contains("Next payment", await app.BillingTextAsync(user), StringComparison.Ordinal);

        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{account.Subscription}", ("cancel_at", Seconds(account.Ends)));
        await app.SettleAsync();

        var page = await app.BillingTextAsync(user);
        Assert.Contains("Your plan ends on", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Next payment", page, StringComparison.Ordinal);
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM mails WHERE user_id = @Id AND kind = 'cancellation'", new { user.Id }));
        Assert.IsType<ChangeResult.Changed>(await app.ResumeAsync(user));
        await app.SettleAsync();
        Assert.Contains("Next payment", await app.BillingTextAsync(user), StringComparison.Ordinal);
        await app.EndAsync(user);
    }

    [Fact]
    public async Task An_end_beyond_the_next_payment_announces_both()
    {
        var user = await app.GivenPayerAsync("starter");
        var account = await app.AccountAsync(user);

        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{account.Subscription}", ("cancel_at", Seconds(account.Ends.AddDays(40))));
        await app.SettleAsync();

        var page = await app.BillingTextAsync(user);
        Assert.Contains("Next payment", page, StringComparison.Ordinal);
        Assert.Contains(account.Ends.AddDays(40).ToString("MMMM d, yyyy", CultureInfo.InvariantCulture), page, StringComparison.Ordinal);
        await app.EndAsync(user);
    }

    [Fact]
    public async Task A_pause_of_payments_is_shown_and_promises_neither_a_payment_nor_credits()
    {
        var user = await app.GivenPayerAsync("starter");
        var subscription = (await app.AccountAsync(user)).Subscription;

        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{subscription}", ("pause_collection[behavior]", "void"));
        await app.SettleAsync();

        var page = await app.BillingTextAsync(user);
        Assert.Contains("The payments of your Starter plan are paused by our support.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Next payment", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Credits come back on", page, StringComparison.Ordinal);
        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{subscription}", ("pause_collection", ""));
        await app.SettleAsync();
        Assert.Contains("Next payment", await app.BillingTextAsync(user), StringComparison.Ordinal);
        await app.EndAsync(user);
    }

    [Fact]
    public async Task Who_owes_a_payment_cancels_all_the_same_and_is_told_what_stays_due()
    {
        var user = await app.GivenPayerAsync("starter");
        await app.CardAsync(user, "pm_card_chargeCustomerFail");
        await app.AdvanceAsync((await app.AccountAsync(user)).Ends.AddHours(2) - app.Clock.GetUtcNow().UtcDateTime);
        Assert.Equal("past_due", (await app.AccountAsync(user)).Status);

        Assert.IsType<ChangeResult.Planned>(await app.Service<PlanChanges>().CancelAsync(user.Id, Guid.CreateVersion7(app.Clock.GetUtcNow()), false, CancellationToken.None));
        await app.SettleAsync();

        Assert.True((await app.AtStripeAsync(HttpMethod.Get, $"subscriptions/{(await app.AccountAsync(user)).Subscription}")).GetProperty("cancel_at_period_end").GetBoolean());
        Assert.Equal(900, await app.ScalarAsync<int>("SELECT (facts ->> 'due_cents')::int FROM mails WHERE user_id = @Id AND kind = 'cancellation'", new { user.Id }));
        await app.EndAsync(user);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancelling_stops_automatic_top_ups_when_that_is_ticked(bool ticked)
    {
        var user = await app.GivenPayerAsync("starter");
        await app.ExecuteAsync("SELECT save_top_up(@Id, 200, 'small', 100000, 'visa', '4242', @now)", new { user.Id, now = app.Clock.GetUtcNow() });
        var form = (await app.SignedInAs(await app.SignInAsync(user.Id, user.Email)).GetPageAsync("/billing/cancel")).QuerySelector("main")!;
        Assert.Contains("Automatic top-ups are on", form.TextContent, StringComparison.Ordinal);
        Assert.NotNull(form.QuerySelector("input[name=stopTopUps][checked]"));

        await app.Service<PlanChanges>().CancelAsync(user.Id, Guid.CreateVersion7(app.Clock.GetUtcNow()), ticked, CancellationToken.None);

        Assert.Equal(!ticked, await app.ScalarAsync<bool>("SELECT enabled FROM top_up_settings WHERE user_id = @Id", new { user.Id }));
        await app.EndAsync(user);
    }

    [Fact]
    public async Task After_the_bank_has_confirmed_an_upgrade_the_cancellation_is_taken_back_as_promised()
    {
        var user = await app.GivenPayerAsync("starter");
        await app.CardAsync(user, "pm_card_authenticationRequired");
        var subscriptions = app.Service<PlanChanges>();
        await subscriptions.CancelAsync(user.Id, Guid.CreateVersion7(app.Clock.GetUtcNow()), false, CancellationToken.None);
        var shown = Assert.IsType<ChangeResult.Previewed>(await subscriptions.PreviewAsync(user.Id, "plus", "month", CancellationToken.None)).Preview;
        Assert.True(shown.UndoesEnding);
        var intent = Guid.CreateVersion7(app.Clock.GetUtcNow());
        Assert.IsType<ChangeResult.FinishPayment>(await subscriptions.ChangeAsync(user.Id, new PlanChange("plus", "month", shown.At, shown.DueCents, shown.CreditsAfter, intent), CancellationToken.None));
        await app.SettleAsync();

        // The person confirms on Stripe's page; nobody comes back to ours.
        var invoice = await app.ScalarAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", new { user.Id });
        await app.AtStripeAsync(HttpMethod.Post, $"invoices/{invoice}/pay", ("payment_method", "pm_card_visa"));
        await app.AdvanceAsync(TimeSpan.FromMinutes(2));
        await app.Service<ApplyPlanChangesJob>().RunAsync(CancellationToken.None);
        await app.SettleAsync();

        Assert.Equal(("plus", 5000, 1000), await app.QueryAsync<(string, int, int)>("SELECT p.plan_type, c.total_credits, c.bonus_credits FROM user_plans p JOIN user_credits c USING (user_id) WHERE user_id = @Id", new { user.Id }) is [var seen] ? seen : default);
        var stripe = await app.AtStripeAsync(HttpMethod.Get, $"subscriptions/{(await app.AccountAsync(user)).Subscription}");
        Assert.False(stripe.GetProperty("cancel_at_period_end").GetBoolean());
        await app.EndAsync(user);
    }

    private static string Seconds(DateTime time) => new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    public sealed class App : PayerApp
    {
        public async Task<string> BillingTextAsync(TestUser user) =>
            (await SignedInAs(await SignInAsync(user.Id, user.Email)).GetPageAsync("/billing")).QuerySelector("main")!.TextContent;

        public Task<ChangeResult> ResumeAsync(TestUser user) =>
            Service<PlanChanges>().ResumeAsync(user.Id, Guid.CreateVersion7(Clock.GetUtcNow()), CancellationToken.None);
    }
}
