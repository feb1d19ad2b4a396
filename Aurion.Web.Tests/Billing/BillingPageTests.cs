using System.Net;
using System.Net.Http.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>The billing page in each state that Stripe can bring a subscription into, in both languages.</summary>
public sealed class BillingPageTests(BillingPageTests.App app) : IClassFixture<BillingPageTests.App>
{
    private const string FailsLater = "4000000000000341";
    private const string ContestedLater = "4000000000000259";

    [Fact]
    public async Task Free_offers_the_plans()
    {
        var page = await app.SeesAsync(await app.GivenUserAsync(), null, null);

        Assert.NotNull(page.QuerySelector("main a.btn[href='/pricing']"));
        Assert.Contains("No invoice yet.", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Incomplete_leads_to_the_invoice_that_waits_and_lapses_after_a_day()
    {
        var (user, _) = await app.GivenIncompleteAsync();
        var page = await app.SeesAsync(user, "Your bank wants you to confirm this payment.", "Votre banque vous demande de confirmer ce paiement.");
        Assert.Equal("Finish the payment", App.LinkTo(page, await app.OpenInvoiceAsync(user)));

        await app.AdvanceAsync(TimeSpan.FromHours(24));
        await app.SeesAsync(user, "Your order of Starter was not paid in time and has lapsed. Nothing was charged.", "Votre commande de Starter n’a pas été payée à temps et a expiré.");

        await app.AdvanceAsync(TimeSpan.FromDays(8));
        await app.SeesAsync(user, null, null);
    }

    [Fact]
    public async Task Trialing_says_what_comes_and_can_be_cancelled()
    {
        var (user, _) = await app.GivenTrialAsync("create_invoice");
        Assert.Equal(100, (await app.AccountAsync(user)).Total);

        await app.SeesAsync(user, "You are trying Starter until ", "Vous essayez Starter jusqu’au ");
        Assert.Equal("/billing", (await app.In(user, "en").GetAsync("/billing/change?plan=plus&interval=month")).Headers.Location?.ToString());
        await app.CancelAsync(user);

        var receipt = (await app.In(user, "fr").GetPageAsync("/billing/cancel")).QuerySelector("main")!.TextContent;
        Assert.Contains("Votre contrat est résilié", receipt, StringComparison.Ordinal);
        Assert.Contains("Plan Starter", receipt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_with_a_card_is_paid_at_its_end_and_gives_its_credits_then()
    {
        var (user, subscription) = await app.GivenTrialAsync("pause");
        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{subscription}", ("default_payment_method", await app.CardAsync(user)));

        await app.AdvanceAsync(TimeSpan.FromDays(7));
        await app.AdvanceAsync(TimeSpan.FromHours(2));

        await app.SeesAsync(user, null, null);
        Assert.Equal(("starter", "active", 1000, 0), await app.PlanAsync(user));
    }

    [Fact]
    public async Task Active_shows_the_next_payment_the_card_the_portal_and_the_invoices()
    {
        var user = await app.GivenSubscriberAsync("plus");
        var page = await app.SeesAsync(user, null, null);

        Assert.Contains("$29 on ", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Cancel my contract", page.QuerySelector("main a[href='/billing/cancel']")?.TextContent);
        Assert.Contains("Visa •••• 4242", page.Body!.TextContent, StringComparison.Ordinal);
        using var http = new HttpClient();
        var pdf = await http.GetAsync(page.QuerySelectorAll<IHtmlAnchorElement>("main td a").Single(link => link.TextContent == "PDF").GetAttribute("href"));
        Assert.Equal("application/pdf", pdf.Content.Headers.ContentType?.MediaType);
        var portal = (await app.In(user, "fr").PostFormAsync("/billing/portal", from: "/billing")).Headers.Location!;
        Assert.Contains("http://127.0.0.1:5080/billing", await http.GetStringAsync(portal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Active_until_the_end_can_be_kept()
    {
        var user = await app.GivenSubscriberAsync("plus");
        await app.CancelAsync(user);

        var page = await app.SeesAsync(user, "Your plan ends on ", "Votre abonnement prend fin le ");
        Assert.Contains("Keep my plan", page.QuerySelector(".notice button")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("ends soon", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Next payment", page.Body!.TextContent, StringComparison.Ordinal);

        await app.AdvanceAsync(TimeSpan.FromDays(32));
        await app.SeesAsync(user, null, null);
        Assert.Equal("free", (await app.AccountAsync(user)).Plan);
    }

    [Fact]
    public async Task Active_with_a_smaller_plan_to_come_says_when()
    {
        var user = await app.GivenSubscriberAsync("pro");
        await app.ChangeAsync(user, "starter");

        var page = await app.SeesAsync(user, "You change to Starter on ", "Vous passez à Starter le ");
        Assert.Contains("$9 on ", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Past_due_shows_the_way_to_pay_and_the_end_of_the_grace_then_the_plan_is_frozen()
    {
        var user = await app.GivenSubscriberAsync("starter", card: FailsLater);
        await app.AdvanceAsync((await app.AccountAsync(user)).Ends.AddHours(2) - app.Clock.GetUtcNow().UtcDateTime);
        var page = await app.SeesAsync(user, "Your payment of $9.00 failed.", "Votre paiement de 9,00\u00a0$ a échoué.");
        Assert.Equal("Pay $9.00", App.LinkTo(page, await app.OpenInvoiceAsync(user)));
        Assert.Contains("to pay", page.Body!.TextContent, StringComparison.Ordinal);

        await app.AdvanceAsync(TimeSpan.FromDays(7));
        page = await app.SeesAsync(user, "Your plan is frozen because a payment of $9.00 failed.", "Votre abonnement est gelé, car un paiement de 9,00\u00a0$ a échoué.");
        Assert.Equal("Pay $9.00", App.LinkTo(page, await app.OpenInvoiceAsync(user)));
        Assert.Contains("$9.00 stay due for the period that has begun", (await app.In(user, "en").GetPageAsync("/billing/cancel")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contested_at_the_bank_may_cancel_and_not_change_and_is_not_asked_to_pay()
    {
        var user = await app.GivenSubscriberAsync("starter", card: ContestedLater);
        var page = await app.SeesAsync(user, "A payment is contested at your bank.", "Un paiement est contesté auprès de votre banque.");
        Assert.DoesNotContain("payment failed", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("wait: a payment is contested", (await app.In(user, "en").GetPageAsync("/dashboard")).QuerySelector("#pace")?.TextContent, StringComparison.Ordinal);

        foreach (var change in new[] { "plan=plus&interval=month", "plan=starter&interval=year" })
        {
            var refused = await app.In(user, "en").GetAsync($"/billing/change?{change}");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains("Once that is settled, you can change your plan.", (await refused.ReadHtmlAsync()).Body!.TextContent, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Redirect, (await app.In(user, "en").PostFormAsync("/billing/cancel", new { operationId = Guid.CreateVersion7(app.Clock.GetUtcNow()) })).StatusCode);
        Assert.Contains("Your contract is cancelled", (await app.In(user, "en").GetPageAsync("/billing/cancel")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unpaid_is_stopped_until_it_is_paid()
    {
        var user = await app.GivenSubscriberAsync("starter", card: FailsLater);
        var account = await app.AccountAsync(user);
        await app.AfterLastTryAsync("unpaid");
        await app.AdvanceAsync(account.Ends.AddHours(2) - app.Clock.GetUtcNow().UtcDateTime);
        for (var day = 0; day < 16; day++)
            await app.AdvanceAsync(TimeSpan.FromDays(1));
        await app.AfterLastTryAsync("cancel");

        var page = await app.SeesAsync(user, "Your Starter plan is stopped because its payment is missing.", "Votre plan Starter est arrêté, car son paiement manque.");

        Assert.Equal("Pay now", App.LinkTo(page, await app.OpenInvoiceAsync(user)));
        Assert.NotNull(page.QuerySelector("main a.btn[href='/billing/cancel']"));
        Assert.Contains("Cancel Starter?", (await app.In(user, "en").GetPageAsync("/billing/cancel")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(("free", 100), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));

        var invoice = await app.ScalarAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", new { user.Id });
        await app.AtStripeAsync(HttpMethod.Post, $"invoices/{invoice}/pay", ("payment_method", "pm_card_visa"));
        await app.SettleAsync();
        await app.SeesAsync(user, null, null);
        Assert.Equal(("starter", "active", 1000, 0), await app.PlanAsync(user));
    }

    [Fact]
    public async Task Paused_asks_for_a_card()
    {
        var (user, subscription) = await app.GivenTrialAsync("pause");
        await app.AdvanceAsync(TimeSpan.FromDays(7));

        var page = await app.SeesAsync(user, "Your Starter plan is paused because it has no card.", "Votre plan Starter est en pause, car il n’a pas de carte.");

        Assert.Contains("Give a card", page.QuerySelector(".notice button")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(100, (await app.AccountAsync(user)).Total);

        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{subscription}", ("default_payment_method", await app.CardAsync(user)));
        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{subscription}/resume");
        await app.SettleAsync();
        await app.SeesAsync(user, null, null);
        Assert.Equal(("starter", "active", 1000, 0), await app.PlanAsync(user));
        Assert.Equal(["customer.subscription.paused done", "customer.subscription.resumed done"], await app.QueryAsync<string>(
            "SELECT type || ' ' || state FROM stripe_events WHERE object_id = @subscription AND type ~ 'paused|resumed' ORDER BY type", new { subscription }));
    }

    [Fact]
    public async Task Canceled_keeps_what_was_paid_until_its_end()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.AtStripeAsync(HttpMethod.Delete, $"subscriptions/{(await app.AccountAsync(user)).Subscription}");
        await app.SettleAsync();

        var page = await app.SeesAsync(user, "Your subscription has ended. Your credits stay until ", "Votre abonnement a pris fin. Vos crédits restent jusqu’au ");
        Assert.DoesNotContain("Next payment", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_payment_page_is_offered_again_and_after_it_has_expired_the_return_page_says_so()
    {
        var user = await app.GivenUserAsync();
        await app.OpenCheckoutAsync(user, "plus");
        await app.SeesAsync(user, "A payment page for Plus is still open.", "Une page de paiement pour Plus est encore ouverte.");

        await app.AdvanceAsync(TimeSpan.FromHours(25));
        var session = await app.ScalarAsync<string>("SELECT session_id FROM stripe_sessions WHERE user_id = @Id", new { user.Id });

        Assert.Contains("This payment page has closed", (await app.In(user, "en").GetPageAsync($"/billing/return?session_id={session}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Cette page de paiement est fermée", (await app.In(user, "fr").GetPageAsync($"/billing/return?session_id={session}")).Body!.TextContent, StringComparison.Ordinal);
        await app.SeesAsync(user, null, null);
    }

    public sealed class App : BillingApp
    {
        protected override bool StripeRunsByItself => false;

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            await Service<StripeGateway>().EnsurePortalAsync("http://127.0.0.1:5080/billing", CancellationToken.None);
        }

        public TestClient In(TestUser user, string language)
        {
            var browser = SignedInAs(SignInAsync(user.Id, user.Email).Result);
            browser.Jar["lang"] = language;
            return browser;
        }

        /// <summary>The page in English, after both languages have said what they should, or nothing at all.</summary>
        public async Task<IHtmlDocument> SeesAsync(TestUser user, string? english, string? french)
        {
            var pages = new[] { await In(user, "en").GetPageAsync("/billing"), await In(user, "fr").GetPageAsync("/billing") };
            foreach (var (page, words) in pages.Zip(new[] { english, french }))
            {
                var notice = page.QuerySelector("main .notice[role=status]")?.TextContent;
                if (words is null)
                    Assert.Null(notice);
                else
                    Assert.Contains(words, notice, StringComparison.Ordinal);
            }
            return pages[0];
        }

        public static string LinkTo(IHtmlDocument page, string address) =>
            page.QuerySelectorAll<IHtmlAnchorElement>("main .notice a").Single(link => link.GetAttribute("href") == address).TextContent;

        public Task<string> OpenInvoiceAsync(TestUser user) =>
            ScalarAsync<string>("SELECT hosted_url FROM stripe_invoices WHERE user_id = @Id AND status = 'open' ORDER BY created_at DESC LIMIT 1", new { user.Id });

        public async Task CancelAsync(TestUser user)
        {
            var answer = await In(user, "en").PostFormAsync("/billing/cancel", new { operationId = Guid.CreateVersion7(Clock.GetUtcNow()) });
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            await SettleAsync();
        }

        public async Task ChangeAsync(TestUser user, string plan)
        {
            var browser = In(user, "en");
            var page = await browser.GetPageAsync($"/billing/change?plan={plan}&interval=month");
            await browser.SendFormAsync("/billing/change", page.QuerySelectorAll<IHtmlInputElement>("main form input[type=hidden]").Select(input => KeyValuePair.Create(input.Name!, input.Value)));
            await SettleAsync();
        }

        /// <summary>What Stripe does after the last retry of a renewal, which its merchant sets for all subscriptions.</summary>
        public async Task AfterLastTryAsync(string what)
        {
            using var http = new HttpClient { BaseAddress = new Uri(Stripe.Address) };
            (await http.PostAsJsonAsync("/control/account", new { after_last_try = what })).EnsureSuccessStatusCode();
        }

        public async Task<(string, string, int, int)> PlanAsync(TestUser user)
        {
            var account = await AccountAsync(user);
            return (account.Plan, account.Status, account.Total, account.Used);
        }

        /// <summary>A card of the user's at Stripe.</summary>
        public async Task<string> CardAsync(TestUser user) => (await AtStripeAsync(HttpMethod.Post, "payment_methods/pm_card_visa/attach",
            ("customer", await ScalarAsync<string>("SELECT customer_id FROM stripe_customers WHERE user_id = @Id", new { user.Id })))).GetProperty("id").GetString()!;

        /// <summary>Somebody who tries Starter for a week without a card; what happens then is said.</summary>
        public Task<(TestUser User, string Subscription)> GivenTrialAsync(string withoutCard) =>
            GivenSubscriptionAsync(("trial_period_days", "7"), ("trial_settings[end_behavior][missing_payment_method]", withoutCard));

        /// <summary>Somebody whose first payment waits for the bank.</summary>
        public Task<(TestUser User, string Subscription)> GivenIncompleteAsync() => GivenSubscriptionAsync(("payment_behavior", "default_incomplete"));

        private async Task<(TestUser User, string Subscription)> GivenSubscriptionAsync(params (string, string)[] terms)
        {
            var user = await GivenUserAsync();
            var price = await ScalarAsync<string>("SELECT price_id FROM stripe_prices WHERE plan_type = 'starter' AND billing_interval = 'month' AND active");
            var customer = (await AtStripeAsync(HttpMethod.Post, "customers", ("email", user.Email), ("metadata[aurion_user]", user.Id.ToString()))).GetProperty("id").GetString()!;
            var subscription = (await AtStripeAsync(HttpMethod.Post, "subscriptions",
                [("customer", customer), ("items[0][price]", price), ("metadata[aurion_user]", user.Id.ToString()), .. terms])).GetProperty("id").GetString()!;
            await SettleAsync();
            return (user, subscription);
        }
    }
}
