using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Aurion.Web.Infrastructure;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>A renewal that was declined, as every page of the account tells it.</summary>
public sealed class PastDueTests(PastDueTests.App app) : IClassFixture<PastDueTests.App>
{
    private static readonly string[] Pages =
        ["/dashboard", "/tools", "/tools/app-builder", "/tools/video-generation", "/chat", "/code", "/images", "/work", "/credits", "/billing", "/billing/packs", "/billing/top-up", "/billing/cancel", "/pricing", "/account", "/account/preferences", "/help", "/legal/terms"];

    [Fact]
    public async Task Every_page_says_how_much_until_when_in_the_persons_zone_and_has_the_one_button_that_pays()
    {
        var (user, invoice, deadline) = await app.GivenPastDueAsync();
        // Nine hours on, and without a summer time.
        var there = deadline.AddHours(9);

        foreach (var (language, failed, until, pay) in new[]
        {
            ("en", "Your payment of $9.00 failed.", $"Pay by {there.ToString("MMM d, HH:mm", CultureInfo.InvariantCulture)} (Asia/Tokyo) and nothing changes", "Pay $9.00"),
            ("fr", "Votre paiement de 9,00\u00a0$ a échoué.", $"{there:HH:mm} (Asia/Tokyo) et rien ne change", "Payer 9,00\u00a0$"),
        })
        {
            var browser = app.In(user, language);
            foreach (var address in Pages)
            {
                var page = await browser.GetPageAsync(address);
                var notice = Assert.Single(page.QuerySelectorAll("main #owed"));
                Assert.True(notice.TextContent.Contains(failed, StringComparison.Ordinal) && notice.TextContent.Contains(until, StringComparison.Ordinal), $"{address}: {notice.TextContent}");
                var button = Assert.Single(page.QuerySelectorAll<IHtmlAnchorElement>("a.btn"), link => link.GetAttribute("href") == invoice);
                Assert.Equal(pay, button.TextContent);
                Assert.Null(notice.QuerySelector("[aria-label=Dismiss]"));
            }
        }
    }

    [Fact]
    public async Task What_must_wait_for_the_payment_is_disabled_with_its_reason_until_it_is_paid()
    {
        var (user, _, _) = await app.GivenPastDueAsync();
        var browser = app.In(user, "en");
        var pricing = await browser.GetPageAsync("/pricing");
        Assert.Contains("A change of plan waits until the open payment succeeds.", pricing.QuerySelector("#plans")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(pricing.QuerySelectorAll("#plans a[href^='/billing/change']"));
        Assert.NotEmpty(pricing.QuerySelectorAll("#plans [aria-disabled=true]"));
        Assert.NotNull(pricing.QuerySelector("#plans a[href='/billing/cancel']"));
        Assert.False((await browser.GetPageAsync("/tools/app-builder")).QuerySelector("#launch-tool")!.HasAttribute("disabled"));

        await app.AdvanceAsync(TimeSpan.FromDays(8));
        browser = app.In(user, "en");
        var frozen = await browser.GetPageAsync("/tools/app-builder");
        var notice = frozen.QuerySelector("#owed")!.TextContent;
        Assert.Contains("Your plan is frozen because a payment of $9.00 failed.", notice, StringComparison.Ordinal);
        Assert.Contains("The time to pay ended on ", notice, StringComparison.Ordinal);
        Assert.Contains("Votre abonnement est gelé, car un paiement de 9,00\u00a0$ a échoué.", (await app.In(user, "fr").GetPageAsync("/credits")).QuerySelector("#owed")!.TextContent, StringComparison.Ordinal);
        Assert.True(frozen.QuerySelector("#launch-tool")!.HasAttribute("disabled"));
        Assert.Contains("Your plan's credits wait until its payment succeeds.", frozen.QuerySelector("#launch-why:not([hidden])")!.TextContent, StringComparison.Ordinal);

        await app.PayInvoiceAsync(user);

        foreach (var address in Pages)
            Assert.Null((await app.In(user, "en").GetPageAsync(address)).QuerySelector("#owed"));
        Assert.NotEmpty((await app.In(user, "en").GetPageAsync("/pricing")).QuerySelectorAll("#plans a[href^='/billing/change']"));
    }

    [Fact]
    public async Task An_account_in_order_is_told_nothing()
    {
        foreach (var user in new[] { await app.GivenUserAsync(), await app.GivenSubscriberAsync("plus") })
            foreach (var address in Pages)
                Assert.Null((await app.In(user, "en").GetPageAsync(address)).QuerySelector("#owed"));
    }

    [Fact]
    public async Task What_another_account_owes_is_nobodys_business()
    {
        var (_, invoice, _) = await app.GivenPastDueAsync();
        var (other, own, _) = await app.GivenPastDueAsync();

        var links = (await app.In(other, "en").GetPageAsync("/dashboard")).QuerySelectorAll("#owed a").Select(link => link.GetAttribute("href"));

        Assert.Contains(own, links);
        Assert.DoesNotContain(invoice, links);
    }

    public sealed class App : BillingApp
    {
        private const string FailsLater = "4000000000000341";

        protected override bool StripeRunsByItself => false;

        /// <summary>With the keys that chat, code and images ask for.</summary>
        protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
        {
            ["OPENROUTER_API_KEY"] = "sk-or-tests",
            ["OPENROUTER_API_BASE"] = "http://127.0.0.1:9/",
            ["FREEPIK_API_KEY"] = "FPSX-tests",
            ["FREEPIK_API_BASE"] = "http://127.0.0.1:9/",
        };

        public TestClient In(TestUser user, string language)
        {
            var browser = SignedInAs(SignInAsync(user.Id, user.Email).Result);
            browser.Jar["lang"] = language;
            browser.Jar[Zone.CookieName] = "Asia/Tokyo";
            return browser;
        }

        /// <summary>Somebody whose first renewal was declined two hours ago, the page of the invoice and the end of the grace.</summary>
        public async Task<(TestUser User, string Invoice, DateTime Deadline)> GivenPastDueAsync()
        {
            var user = await GivenSubscriberAsync("starter", card: FailsLater);
            await AdvanceAsync((await AccountAsync(user)).Ends.AddHours(2) - Clock.GetUtcNow().UtcDateTime);
            var (invoice, deadline) = Assert.Single(await QueryAsync<(string, DateTime)>(
                "SELECT i.hosted_url, p.grace_ends_at FROM stripe_invoices i JOIN user_plans p USING (user_id) WHERE user_id = @Id AND i.status = 'open'", new { user.Id }));
            return (user, invoice, deadline);
        }

        public async Task PayInvoiceAsync(TestUser user)
        {
            var invoice = await ScalarAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", new { user.Id });
            await AtStripeAsync(HttpMethod.Post, $"invoices/{invoice}/pay", ("payment_method", "pm_card_visa"));
            await SettleAsync();
        }
    }
}
