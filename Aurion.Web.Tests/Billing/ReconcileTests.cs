using Aurion.Sandbox.Stripe.Control;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Billing;

public sealed class ReconcileTests(ReconcileTests.App app) : IClassFixture<ReconcileTests.App>
{
    [Fact]
    public async Task What_the_webhooks_lost_is_listed_repaired_and_then_gone()
    {
        var kept = await app.GivenSubscriberAsync("starter");
        app.Stripe.Faults.LosePercent = 100;
        var lost = await app.GivenSubscriberAsync("plus");
        app.Stripe.Faults.LosePercent = 0;
        Assert.Equal("free", (await app.AccountAsync(lost)).Plan);

        var listed = await app.ReconcileAsync(repair: false);
        Assert.Equal("free", (await app.AccountAsync(lost)).Plan);
        Assert.Contains(listed, line => line.EndsWith("customer.subscription.created never arrived", StringComparison.Ordinal));
        Assert.Contains(listed, line => line.Contains("would change; then plus, 5000 credits", StringComparison.Ordinal));

        Assert.NotEmpty(await app.ReconcileAsync(repair: true));
        Assert.Equal((5000, "plus"), ((await app.AccountAsync(lost)).Total, (await app.AccountAsync(lost)).Plan));

        var written = await app.WritesAsync();
        Assert.Empty(await app.ReconcileAsync(repair: true));
        Assert.Equal(written, await app.WritesAsync());
        Assert.Equal((1000, "starter"), ((await app.AccountAsync(kept)).Total, (await app.AccountAsync(kept)).Plan));
    }

    [Fact]
    public async Task What_changes_while_Stripe_is_being_listed_is_neither_a_difference_nor_undone()
    {
        var user = await app.GivenSubscriberAsync("starter", card: "4000000000000341");
        app.Meanwhile = async () =>
        {
            await app.AdvanceAsync((await app.AccountAsync(user)).Ends.AddHours(2) - app.Clock.GetUtcNow().UtcDateTime);
            Assert.Equal("past_due", (await app.AccountAsync(user)).Status);
        };

        var differences = await app.ReconcileAsync(repair: true);

        Assert.Null(app.Meanwhile);
        Assert.Equal("past_due", (await app.AccountAsync(user)).Status);
        Assert.Empty(differences);
    }

    [Fact]
    public async Task A_subscription_that_Stripe_does_not_know_is_shown()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("""
            INSERT INTO user_subscriptions (user_id, subscription_id, customer_id, item_id, status, price_id, plan_type, billing_interval, current_period_start, current_period_end, cancel_at_period_end, has_pending_update, created_at, read_seq)
            VALUES (@Id, 'sub_ghost', 'cus_ghost', 'si', 'active', 'p', 'plus', 'month', now(), now() + interval '1 month', false, false, now(), 1)
            """, new { user.Id });

        Assert.Contains("sub_ghost: alive here, unknown to Stripe", await app.ReconcileAsync(repair: false));

        await app.ExecuteAsync("DELETE FROM user_subscriptions WHERE subscription_id = 'sub_ghost'");
    }

    [Fact]
    public async Task A_subscription_that_cannot_be_read_is_one_line_and_the_others_are_compared()
    {
        app.Stripe.Faults.LosePercent = 100;
        var (unreadable, lost) = (await app.GivenSubscriberAsync("plus"), await app.GivenSubscriberAsync("pro"));
        app.Stripe.Faults.LosePercent = 0;
        var (id, other) = (await app.SubscriptionAtStripeAsync(unreadable), await app.SubscriptionAtStripeAsync(lost));
        using (app.Stripe.Faults.OnCall($"GET /v1/subscriptions/{id}", CallFaultKind.Error, times: 1000))
        {
            var listed = await app.ReconcileAsync(repair: false);

            Assert.Single(listed, line => line.StartsWith($"{id}: cannot be compared", StringComparison.Ordinal));
            Assert.Contains(listed, line => line.StartsWith(other, StringComparison.Ordinal) && line.Contains("would change; then pro, ", StringComparison.Ordinal));
        }

        await app.ReconcileAsync(repair: true);
        await app.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(("plus", "pro"), ((await app.AccountAsync(unreadable)).Plan, (await app.AccountAsync(lost)).Plan));
        Assert.Empty(await app.ReconcileAsync(repair: false));
    }

    [Fact]
    public async Task Stripe_is_asked_by_the_page_and_not_by_the_subscription()
    {
        for (var i = 0; i < 4; i++)
            await app.GivenSubscriberAsync("starter");
        await app.ReconcileAsync(repair: true);
        app.Asked.Clear();

        Assert.Empty(await app.ReconcileAsync(repair: false));

        // Events, subscriptions that are over and those that live, invoices, payment pages, payments; the events fill two pages by now.
        Assert.True(app.Asked.Count is >= 6 and <= 9, string.Join("\n", app.Asked));
    }

    public sealed class App : BillingApp
    {
        protected override bool StripeRunsByItself => false;

        /// <summary>Happens once, after the subscriptions were listed and before anything else is read.</summary>
        public Func<Task>? Meanwhile { get; set; }

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            services.AddHttpClient(nameof(StripeGateway)).ConfigurePrimaryHttpMessageHandler(() => new Listed(this));
        }

        /// <summary>What Stripe was asked, by its address.</summary>
        public List<string> Asked { get; } = [];

        public async Task<string> SubscriptionAtStripeAsync(TestUser user)
        {
            var customer = await ScalarAsync<string>("SELECT customer_id FROM stripe_customers WHERE user_id = @Id", new { user.Id });
            return (await AtStripeAsync(HttpMethod.Get, $"subscriptions?customer={customer}")).GetProperty("data")[0].GetProperty("id").GetString()!;
        }

        public async Task<IReadOnlyList<string>> ReconcileAsync(bool repair)
        {
            var lines = new List<string>();
            var drift = await Service<BillingReconciler>().RunAsync(repair, endMissing: false, lines.Add, CancellationToken.None);
            Assert.Equal(drift, lines.Count);
            return lines;
        }

        /// <summary>Rows that were ever written, dead ones included.</summary>
        public Task<string> WritesAsync() => ScalarAsync<string>("""
            SELECT concat_ws(' ', (SELECT count(*) FROM usage_logs), (SELECT max(ledger_seq) FROM user_credits), (SELECT max(updated_at) FROM user_plans),
                   (SELECT max(read_seq) FROM stripe_invoices), (SELECT max(read_seq) FROM user_subscriptions), (SELECT count(*) FROM stripe_events), (SELECT max(finished_at) FROM stripe_events))
            """);
    }

    private sealed class Listed(App app) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            app.Asked.Add(request.RequestUri!.PathAndQuery);
            var answer = await base.SendAsync(request, cancellationToken);
            if (app.Meanwhile is { } meanwhile && request.RequestUri!.AbsolutePath == "/v1/subscriptions")
            {
                app.Meanwhile = null;
                await meanwhile();
            }
            return answer;
        }
    }
}
