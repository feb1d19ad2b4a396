using System.Net;
using Aurion.Data.Billing;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;
using Npgsql;

namespace Aurion.Web.Tests.Billing;

/// <summary>What we hold of Stripe may be old: nobody is refused, stopped or charged twice for that.</summary>
public sealed class StaleMirrorTests(StaleMirrorTests.App app) : IClassFixture<StaleMirrorTests.App>
{
    [Fact]
    public async Task A_subscription_that_replaced_one_whose_end_we_did_not_hear_of_gives_its_plan()
    {
        var user = await app.GivenPayerAsync("starter");
        var old = (await app.AccountAsync(user)).Subscription;
        await app.UnheardAsync(() => app.EndAsync(user));
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        await app.BuyAsync(user, "plus");

        Assert.Equal((5000, 0, "plus", "active"), await app.PlanAsync(user));
        Assert.Equal("canceled", await app.ScalarAsync<string>("SELECT status FROM user_subscriptions WHERE subscription_id = @old", new { old }));
        Assert.Empty(await app.FailedAsync(user));
    }

    [Fact]
    public async Task A_second_subscription_beside_one_that_lives_still_waits_for_an_operator()
    {
        var user = await app.GivenPayerAsync("starter");

        await app.BuyAsync(user, "plus");

        Assert.Equal((1000, 0, "starter", "active"), await app.PlanAsync(user));
        Assert.All(await app.FailedAsync(user), reason => Assert.StartsWith("SECOND_SUBSCRIPTION", reason, StringComparison.Ordinal));
        Assert.NotEmpty(await app.FailedAsync(user));
    }

    [Fact]
    public async Task Cancelling_and_keeping_what_has_ended_at_Stripe_is_said_and_not_an_accident()
    {
        var (one, other, third) = (await app.GivenPayerAsync("starter"), await app.GivenPayerAsync("starter"), await app.GivenPayerAsync("starter"));
        await app.UnheardAsync(async () =>
        {
            await app.EndAsync(one);
            await app.EndAsync(other);
            await app.EndAsync(third);
        });

        var cancelled = await app.SignedInAs(one).PostFormAsync("/billing/cancel", new { operationId = Guid.CreateVersion7(app.Clock.GetUtcNow()) });
        var kept = await app.SignedInAs(other).PostFormAsync("/billing/resume", from: "/billing");
        var changed = await app.SignedInAs(third).GetAsync("/billing/change?plan=plus&interval=month");

        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Redirect, HttpStatusCode.Redirect], new[] { cancelled.StatusCode, kept.StatusCode, changed.StatusCode });
        foreach (var user in new[] { one, other, third })
            Assert.Equal((1000, 0, "starter", "canceled"), await app.PlanAsync(user));
    }

    [Fact]
    public async Task A_declined_upgrade_leaves_the_smaller_plan_that_was_to_come()
    {
        var user = await app.GivenPayerAsync("plus");
        Assert.IsType<ChangeResult.Planned>(await app.ChangeAsync(user, "starter"));
        await app.CardAsync(user, "pm_card_chargeCustomerFail");
        app.Clock.Advance(TimeSpan.FromDays(3));

        Assert.IsType<ChangeResult.Declined>(await app.ChangeAsync(user, "pro"));
        await app.SettleAsync();

        Assert.Equal("starter", await app.ScalarAsync<string>("SELECT plan_type FROM user_subscriptions WHERE user_id = @Id", new { user.Id }));
        await app.CardAsync(user, "pm_card_visa");
        await app.AdvanceAsync(TimeSpan.FromDays(31));
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal((1000, 0, "starter", "active"), await app.PlanAsync(user));
        Assert.Equal(900, await app.ScalarAsync<int>("SELECT amount_paid FROM stripe_invoices WHERE user_id = @Id ORDER BY created_at DESC LIMIT 1", new { user.Id }));
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("starter")]
    public async Task An_upgrade_undoes_the_end_or_the_smaller_plan_that_was_to_come(string planned)
    {
        var user = await app.GivenPayerAsync("plus");
        if (planned == "cancel")
            await app.Service<PlanChanges>().CancelAsync(user.Id, Guid.CreateVersion7(app.Clock.GetUtcNow()), false, CancellationToken.None);
        else
            await app.ChangeAsync(user, planned);

        Assert.IsType<ChangeResult.Changed>(await app.ChangeAsync(user, "pro"));
        await app.SettleAsync();
        Assert.Equal((25000, 0, "pro", "active"), await app.PlanAsync(user));
        await app.AdvanceAsync(TimeSpan.FromDays(31));
        await app.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal((25000, 0, "pro", "active"), await app.PlanAsync(user));
        Assert.Equal(9900, await app.ScalarAsync<int>("SELECT amount_paid FROM stripe_invoices WHERE user_id = @Id ORDER BY created_at DESC LIMIT 1", new { user.Id }));
        await app.EndAsync(user);
    }

    [Fact]
    public async Task While_a_change_waits_for_the_bank_everything_else_is_answered()
    {
        var user = await app.GivenPayerAsync("starter");
        await app.CardAsync(user, "pm_card_authenticationRequired");
        Assert.IsType<ChangeResult.FinishPayment>(await app.ChangeAsync(user, "plus"));
        await app.SettleAsync();

        var again = await app.SignedInAs(user).GetAsync("/billing/change?plan=pro&interval=month");
        Assert.True((int)again.StatusCode < 500, $"change: {again.StatusCode}");
        var second = await app.ChangeAsync(user, "pro");
        Assert.True(second is ChangeResult.FinishPayment or ChangeResult.Declined or ChangeResult.PaymentDue, second.ToString());
        var cancelled = await app.SignedInAs(user).PostFormAsync("/billing/cancel", new { operationId = Guid.CreateVersion7(app.Clock.GetUtcNow()) });
        Assert.True((int)cancelled.StatusCode < 500, $"cancel: {cancelled.StatusCode}");
        Assert.Equal((1000, 0, "starter", "active"), await app.PlanAsync(user));
        await app.EndAsync(user);
    }

    [Fact]
    public async Task A_payment_page_whose_answer_was_lost_opens_in_the_language_of_the_next_press()
    {
        var user = await app.GivenUserAsync();
        await app.OpenCheckoutAsync(user, "starter");
        await app.ExecuteAsync("UPDATE stripe_sessions SET status = 'creating', session_id = NULL, url = NULL WHERE user_id = @Id", new { user.Id });
        var french = app.WithToken(user);
        french.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr");

        var answer = await french.PostJsonAsync("/api/create-checkout", new { plan = "starter" });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Of_one_wish_that_opened_a_page_in_each_of_two_languages_one_page_stays()
    {
        var user = await app.GivenUserAsync();
        var page = (await app.OpenCheckoutAsync(user, "starter")).Segments[^1];
        var operation = await app.ScalarAsync<Guid>("SELECT operation_id FROM stripe_sessions WHERE user_id = @Id", new { user.Id });

        Assert.False(await app.Service<PurchaseStore>().OpenAsync(user.Id, operation, "cs_other", "https://elsewhere.example/", app.Clock.GetUtcNow().AddHours(24)));
        Assert.True(await app.Service<PurchaseStore>().OpenAsync(user.Id, operation, page, "https://here.example/", app.Clock.GetUtcNow().AddHours(24)));
        Assert.Equal(page, await app.ScalarAsync<string>("SELECT session_id FROM stripe_sessions WHERE user_id = @Id AND status = 'open'", new { user.Id }));
    }

    [Fact]
    public async Task Who_comes_back_while_the_ended_plans_are_swept_keeps_what_was_paid()
    {
        var user = await app.GivenPayerAsync("starter");
        await app.EndAsync(user);
        await app.SettleAsync();
        var ends = (await app.AccountAsync(user)).Ends;
        Assert.Equal("canceled", (await app.AccountAsync(user)).Status);
        var later = new DateTimeOffset(ends, TimeSpan.Zero).AddMinutes(1);

        await using var payment = new NpgsqlConnection(app.OwnerConnectionString);
        await payment.OpenAsync();
        await using var transaction = await payment.BeginTransactionAsync();
        await using (var pay = new NpgsqlCommand("""
            SELECT FROM user_credits WHERE user_id = $1 FOR NO KEY UPDATE
            """, payment, transaction) { Parameters = { new() { Value = user.Id } } })
            await pay.ExecuteNonQueryAsync();
        var sweep = app.ExecuteAsync("SELECT reset_monthly_credits(@later)", new { later });
        await Eventually.HoldsAsync(
            () => app.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%reset_monthly_credits%' AND datname = current_database())"),
            "the sweep waits for the payment");
        await using (var renew = new NpgsqlCommand("""
            UPDATE user_plans SET status = 'active', paid_until = paid_until + interval '1 month', current_period_end = current_period_end + interval '1 month' WHERE user_id = $1
            """, payment, transaction) { Parameters = { new() { Value = user.Id } } })
            await renew.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        await sweep;

        Assert.Equal((1000, 0, "starter", "active"), await app.PlanAsync(user));
    }

    [Fact]
    public async Task Three_days_without_webhooks_are_repaired_in_one_pass()
    {
        var (buys, changes, ends, replaced, fails, refunded) = (await app.GivenUserAsync(), await app.GivenPayerAsync("starter"), await app.GivenPayerAsync("starter"),
            await app.GivenPayerAsync("starter"), await app.GivenPayerAsync("starter"), await app.GivenPayerAsync("starter"));
        await app.CardAsync(fails, "pm_card_chargeCustomerFail");
        await app.SettleAsync();
        await app.AdvanceAsync((await app.AccountAsync(fails)).Ends.AddDays(-1) - app.Clock.GetUtcNow().UtcDateTime);
        await app.UnheardAsync(async () =>
        {
            await app.BuyAsync(buys, "plus", await app.IdAsync("customers", ("email", buys.Email), ("metadata[aurion_user]", $"{buys.Id}")));
            await app.EndAsync(ends);
            await app.EndAsync(replaced);
            await app.AdvanceAsync(TimeSpan.FromHours(20));
            await app.BuyAsync(replaced, "pro");
            await app.AdvanceAsync(TimeSpan.FromHours(30));
            await app.RefundLatestAsync(refunded, 450);
            await app.AdvanceAsync(TimeSpan.FromHours(22));
        });
        await app.SettleAsync();
        Assert.Equal("free", (await app.AccountAsync(buys)).Plan);

        Assert.NotEmpty(await app.ReconcileAsync(repair: true));
        Assert.Empty(await app.ReconcileAsync(repair: false));

        Assert.Equal((5000, 0, "plus", "active"), await app.PlanAsync(buys));
        Assert.Equal((100, 0, "free", "active"), await app.PlanAsync(ends));
        Assert.Equal((25000, 0, "pro", "active"), await app.PlanAsync(replaced));
        Assert.Equal((1000, 0, "starter", "past_due"), await app.PlanAsync(fails));
        Assert.Equal((500, 0, "starter", "active"), await app.PlanAsync(refunded));
        Assert.Equal((1000, 0, "starter", "active"), await app.PlanAsync(changes));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM ledger_faults()"));
    }

    [Fact]
    public async Task An_invoice_that_Stripe_does_not_know_is_shown()
    {
        var user = await app.GivenPayerAsync("starter");
        await app.ReconcileAsync(repair: true);
        await app.ExecuteAsync("INSERT INTO stripe_invoices SELECT (jsonb_populate_record(i, '{\"invoice_id\":\"in_ghost\"}')).* FROM stripe_invoices i WHERE user_id = @Id", new { user.Id });

        Assert.Equal(["in_ghost: paid here, unknown to Stripe"], await app.ReconcileAsync(repair: false));

        await app.ExecuteAsync("DELETE FROM stripe_invoices WHERE invoice_id = 'in_ghost'");
    }

    public sealed class App : PayerApp
    {
        /// <summary>What happens at Stripe meanwhile is never delivered.</summary>
        public async Task UnheardAsync(Func<Task> act)
        {
            Stripe.Faults.LosePercent = 100;
            await act();
            await SettleAsync();
            Stripe.Faults.LosePercent = 0;
        }

        public async Task BuyAsync(TestUser user, string plan, string? customer = null)
        {
            await SubscribeAsync(user, customer ?? await CustomerAsync(user), plan, "month");
            await SettleAsync();
        }

        public async Task<(int, int, string, string)> PlanAsync(TestUser user)
        {
            var account = await AccountAsync(user);
            return (account.Total, account.Used, account.Plan, account.Status);
        }

        public Task<IReadOnlyList<string>> FailedAsync(TestUser user) => QueryAsync<string>("SELECT reason FROM stripe_events WHERE user_id = @Id AND state = 'failed'", new { user.Id });

        public async Task<ChangeResult> ChangeAsync(TestUser user, string plan)
        {
            var changer = Service<PlanChanges>();
            var first = await changer.PreviewAsync(user.Id, plan, "month", CancellationToken.None);
            return first is ChangeResult.Previewed { Preview: var shown }
                ? await changer.ChangeAsync(user.Id, new PlanChange(plan, "month", shown.At, shown.DueCents, shown.CreditsAfter, Guid.CreateVersion7(Clock.GetUtcNow())), CancellationToken.None)
                : first;
        }

        public async Task RefundLatestAsync(TestUser user, int cents)
        {
            var charge = (await AtStripeAsync(HttpMethod.Get, $"charges?limit=1&customer={await CustomerAsync(user)}")).GetProperty("data")[0].GetProperty("id").GetString()!;
            await AtStripeAsync(HttpMethod.Post, "refunds", ("charge", charge), ("amount", $"{cents}"));
        }

        public async Task<IReadOnlyList<string>> ReconcileAsync(bool repair)
        {
            var lines = new List<string>();
            Assert.Equal(await Service<BillingReconciler>().RunAsync(repair, endMissing: false, lines.Add, CancellationToken.None), lines.Count);
            return lines;
        }
    }
}
