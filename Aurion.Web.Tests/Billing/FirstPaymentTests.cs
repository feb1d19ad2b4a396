using Aurion.Web.Billing.Sync;
using Aurion.Web.Infrastructure.Cli;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Billing;

/// <summary>Payments that a bank wants confirmed, pages that nobody pays in time, and products that an operator made by hand.</summary>
public sealed class FirstPaymentTests(FirstPaymentTests.App app) : IClassFixture<FirstPaymentTests.App>
{
    [Fact]
    public async Task A_first_payment_that_waits_for_the_bank_gives_nothing_until_it_is_finished()
    {
        var user = await app.GivenWaitingAsync("starter");
        var page = await app.SignedInAs(user).GetPageAsync("/billing");
        Assert.Equal(("free", 100), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));
        var link = page.QuerySelector($"main a[href^='{app.Stripe.Address}']");
        Assert.NotNull(link);

        await app.AtStripeAsync(HttpMethod.Post, $"invoices/{await app.OpenInvoiceAsync(user)}/pay", ("payment_method", "pm_card_visa"));
        await app.SettleAsync();

        Assert.Equal(("starter", 1000), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));
    }

    [Fact]
    public async Task After_23_hours_it_is_gone_and_the_person_may_buy_anew()
    {
        var user = await app.GivenWaitingAsync("starter");

        await app.AdvanceAsync(TimeSpan.FromHours(23) - TimeSpan.FromMinutes(1));
        Assert.Equal("incomplete", await app.StatusAsync(user));
        await app.AdvanceAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("incomplete_expired", await app.StatusAsync(user));
        Assert.Equal(("free", 100, 0), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total, (await app.AccountAsync(user)).Used));
        user = await app.SignInAsync(user.Id, user.Email);
        Assert.NotNull(await app.PayAsync(await app.OpenCheckoutAsync(user, "plus")));
        await app.SettleAsync();
        Assert.Equal(("plus", 5000), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));
    }

    [Fact]
    public async Task A_card_that_asks_on_the_payment_page_itself_gives_the_plan_when_the_bank_has_agreed_and_not_before()
    {
        var user = await app.GivenUserAsync();
        var bank = await app.PayAsync(await app.OpenCheckoutAsync(user, "starter"), "4000002500003155");
        await app.SettleAsync();
        Assert.Equal(("free", 100), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));

        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var agreed = new FormUrlEncodedContent([KeyValuePair.Create("outcome", "complete")]);
        await browser.PostAsync(new Uri(new Uri(app.Stripe.Address), bank!), agreed);
        await app.SettleAsync();
        Assert.Equal(("starter", 1000), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));
    }

    [Fact]
    public async Task A_payment_page_that_nobody_pays_expires_and_makes_room_for_another()
    {
        var user = await app.GivenUserAsync();
        var first = await app.OpenCheckoutAsync(user, "starter");
        await app.AdvanceAsync(TimeSpan.FromHours(25));
        Assert.Equal("expired", await app.ScalarAsync<string>("SELECT status FROM stripe_sessions WHERE user_id = @Id", new { user.Id }));

        user = await app.SignInAsync(user.Id, user.Email);
        var second = await app.OpenCheckoutAsync(user, "starter");
        Assert.NotEqual(first, second);
        Assert.Null(await app.PayAsync(first));
        Assert.NotNull(await app.PayAsync(second));
        await app.SettleAsync();
        Assert.Equal(("starter", 1000), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_invoices WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task A_product_made_by_hand_is_taken_over_and_who_pays_the_old_price_keeps_the_plan()
    {
        var early = await app.GivenPayerAsync("pro");
        var product = await app.IdAsync("products", ("name", "Pro, by hand"));
        var month = await app.IdAsync("prices", ("product", product), ("currency", "usd"), ("unit_amount", "9900"), ("recurring[interval]", "month"));
        var year = await app.IdAsync("prices", ("product", product), ("currency", "usd"), ("unit_amount", "99000"), ("recurring[interval]", "year"));
        await app.IdAsync("prices", ("product", product), ("currency", "usd"), ("unit_amount", "25000"), ("recurring[interval]", "month"), ("recurring[interval_count]", "3"));

        Assert.Equal(0, await app.SetupAsync($"--product=pro:{product}"));
        Assert.Equal(0, await app.SetupAsync($"--product=pro:{product}"));

        Assert.Equal((month, year), (await app.PriceAsync("pro"), await app.PriceAsync("pro", "year")));
        Assert.Equal(25000, (await app.AccountAsync(await app.GivenPayerAsync("pro"))).Total);
        await app.AdvanceAsync(TimeSpan.FromDays(31));
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(("pro", 25000, "active"), ((await app.AccountAsync(early)).Plan, (await app.AccountAsync(early)).Total, (await app.AccountAsync(early)).Status));
    }

    [Theory]
    [InlineData("--product=gold:prod_x")]
    [InlineData("--product=starter:prod_nothing")]
    [InlineData("--product=starter")]
    public async Task A_product_that_does_not_fit_is_said_and_the_shop_stays_as_it_is(string option)
    {
        var before = await app.PriceAsync("starter");
        Assert.Equal(1, await app.SetupAsync(option));
        Assert.Equal(before, await app.PriceAsync("starter"));
    }

    public sealed class App : PayerApp
    {
        /// <summary>Somebody whose bank has still to agree to the first payment.</summary>
        public async Task<TestUser> GivenWaitingAsync(string plan)
        {
            var user = await GivenUserAsync();
            var customer = await IdAsync("customers", ("email", user.Email), ("metadata[aurion_user]", $"{user.Id}"));
            var method = await IdAsync("payment_methods/pm_card_authenticationRequiredOnSetup/attach", ("customer", customer));
            await IdAsync("subscriptions", ("customer", customer), ("default_payment_method", method), ("metadata[aurion_user]", $"{user.Id}"), ("items[0][price]", await PriceAsync(plan)));
            await SettleAsync();
            return user;
        }

        public Task<string> StatusAsync(TestUser user) => ScalarAsync<string>("SELECT status FROM user_subscriptions WHERE user_id = @Id", new { user.Id });

        public Task<string> OpenInvoiceAsync(TestUser user) => ScalarAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", new { user.Id });

        /// <summary>`billing setup`, as an operator types it; the exit code.</summary>
        public async Task<int> SetupAsync(string option)
        {
            using var scope = Services.CreateScope();
            return await ActivatorUtilities.CreateInstance<SetupCommand>(scope.ServiceProvider).RunAsync(Verbs.Parse("billing", "setup", option), CancellationToken.None);
        }
    }
}
