using System.Net;
using Aurion.Data.Billing;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>A card is saved for top-ups without anything being bought.</summary>
public sealed class TopUpCardTests(TopUpApp app) : IClassFixture<TopUpApp>
{
    private const string Visa = "4242424242424242", Mastercard = "5555555555554444";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_saved_card_pays_a_top_up_although_nothing_was_ever_bought(bool comesBack)
    {
        var user = await app.GivenUserAsync(credits: 50);

        var back = await app.PayAsync(await OpenAsync(user), Mastercard);
        if (comesBack)
        {
            var browser = app.SignedInAs(user);
            Assert.Equal("/billing/top-up", (await browser.GetAsync(back!.PathAndQuery)).Headers.Location!.ToString());
            Assert.Contains("Mastercard •••• 4444 will pay automatic top-ups.", (await browser.GetPageAsync("/billing/top-up")).Body!.TextContent, StringComparison.Ordinal);
        }
        else
        {
            await app.SettleAsync();
        }
        var main = (await app.SignedInAs(user).GetPageAsync("/billing/top-up")).QuerySelector("main")!;
        Assert.Contains("Mastercard •••• 4444, kept by Stripe", main.TextContent, StringComparison.Ordinal);
        Assert.Equal("off", main.QuerySelector(".tag")!.TextContent);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM purchases WHERE user_id = @Id", new { user.Id }));
        await app.AllowAsync(user);
        await app.RunAsync();

        Assert.Equal((1, 350), (await app.ChargesAsync(user), await app.AvailableAsync(user)));
        Assert.Equal("4444", await ChargedAsync(user));
    }

    [Fact]
    public async Task A_card_that_is_replaced_is_charged_no_more_and_the_earlier_page_does_not_come_back()
    {
        var user = await app.GivenUserAsync(credits: 50);
        var first = await app.PayAsync(await OpenAsync(user), Visa);
        await app.SettleAsync();
        await app.AllowAsync(user, threshold: 40);
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        await app.PayAsync(await OpenAsync(user), Mastercard);
        await app.SettleAsync();
        await app.SignedInAs(user).GetAsync(first!.PathAndQuery);
        await app.ExecuteAsync("UPDATE stripe_events SET state = 'received', next_attempt_at = '2000-01-01' WHERE user_id = @Id", new { user.Id });
        await app.SettleAsync();

        Assert.Equal(("mastercard", "4444"), (await app.QueryAsync<(string, string)>("SELECT card_brand, card_last4 FROM top_up_settings WHERE user_id = @Id", new { user.Id }))[0]);
        Assert.Contains("Mastercard •••• 4444, kept by Stripe", (await app.SignedInAs(user).GetPageAsync("/billing/top-up")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        await app.AllowAsync(user);
        await app.RunAsync();
        Assert.Equal("4444", await ChargedAsync(user));
    }

    [Fact]
    public async Task A_card_chosen_at_Stripe_afterwards_stays_chosen_when_the_page_is_told_of_again()
    {
        var user = await app.GivenUserAsync(credits: 50);
        var back = await app.PayAsync(await OpenAsync(user), Visa);
        await app.SettleAsync();
        await app.SaveCardAsync(user, "pm_card_mastercard");

        await app.SignedInAs(user).GetAsync(back!.PathAndQuery);

        Assert.Equal("4444", (await app.Service<StripeGateway>().FindCardAsync(await app.CustomerAsync(user), CancellationToken.None))!.Last4);
    }

    [Fact]
    public async Task The_page_of_another_account_is_refused()
    {
        var (owner, stranger) = (await app.GivenUserAsync(), await app.GivenUserAsync());
        await OpenAsync(stranger);
        var back = await app.PayAsync(await OpenAsync(owner), Visa);

        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(stranger).GetAsync(back!.PathAndQuery)).StatusCode);

        Assert.Null(await CardAsync(stranger));
        Assert.Null((await app.AtStripeAsync(HttpMethod.Get, $"customers/{await app.CustomerAsync(owner)}")).GetProperty("invoice_settings").GetProperty("default_payment_method").GetString());
    }

    /// <summary>A page that names somebody else than the customer who pays by it, as nobody but an operator could make one.</summary>
    [Fact]
    public async Task A_page_that_names_another_account_than_its_customers_is_parked_and_chooses_no_card()
    {
        var (payer, named) = (await app.GivenUserAsync(), await app.GivenUserAsync());
        await OpenAsync(payer);
        var session = await app.AtStripeAsync(HttpMethod.Post, "checkout/sessions", ("mode", "setup"), ("currency", "usd"),
            ("customer", await app.CustomerAsync(payer)), ("client_reference_id", $"{named.Id}"), ("success_url", "https://elsewhere.example/?session_id={CHECKOUT_SESSION_ID}"));
        var back = await app.PayAsync(new Uri(session.GetProperty("url").GetString()!), Visa);
        await app.SettleAsync();

        var (state, reason) = await app.EventAsync(session.GetProperty("id").GetString()!);
        Assert.Equal("failed", state);
        Assert.StartsWith("FOREIGN_SESSION", reason, StringComparison.Ordinal);
        foreach (var user in new[] { payer, named })
            Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(user).GetAsync($"/billing/top-up/card{back!.Query}")).StatusCode);
        Assert.Null((await app.AtStripeAsync(HttpMethod.Get, $"customers/{await app.CustomerAsync(payer)}")).GetProperty("invoice_settings").GetProperty("default_payment_method").GetString());
    }

    [Fact]
    public async Task A_card_that_is_kept_with_a_pack_pays_top_ups_until_a_later_one_is_kept()
    {
        var user = await app.GivenBuyerAsync("large", Visa, keepCard: true);
        Assert.Contains("Visa •••• 4242, kept by Stripe", await PageAsync(), StringComparison.Ordinal);

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.PayAsync(await app.OpenPackAsync(user), Mastercard);
        await app.SettleAsync();
        Assert.Contains("Visa •••• 4242, kept by Stripe", await PageAsync(), StringComparison.Ordinal);

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.PayAsync(await app.OpenPackAsync(user, keepCard: true), Mastercard);
        await app.SettleAsync();
        Assert.Contains("Mastercard •••• 4444, kept by Stripe", await PageAsync(), StringComparison.Ordinal);
        await app.ExecuteAsync("UPDATE user_credits SET bonus_credits = 50 WHERE user_id = @Id", user);
        await app.AllowAsync(user);
        await app.RunAsync();
        Assert.Equal("4444", await ChargedAsync(user));

        async Task<string> PageAsync() => (await app.SignedInAs(user).GetPageAsync("/billing/top-up")).QuerySelector("main")!.TextContent;
    }

    [Fact]
    public async Task A_card_that_was_chosen_at_Stripe_since_stays_when_more_is_heard_of_the_earlier_page()
    {
        var user = await app.GivenBuyerAsync("large", Visa, keepCard: true);
        await app.SaveCardAsync(user, "pm_card_mastercard");
        await app.AllowAsync(user);

        await app.AtStripeAsync(HttpMethod.Post, "refunds", ("payment_intent", await app.ScalarAsync<string>("SELECT payment_intent_id FROM purchases WHERE user_id = @Id", user)), ("amount", "100"));
        await app.SettleAsync();

        Assert.Equal("4444", (await CardAsync(user))!.Last4);
        Assert.Contains("Mastercard •••• 4444, kept by Stripe", (await app.SignedInAs(user).GetPageAsync("/billing/top-up")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_is_taken_away_before_we_hear_of_it_holds_up_nothing_that_was_paid()
    {
        var user = await app.GivenUserAsync(credits: 50);
        var page = await app.OpenPackAsync(user, keepCard: true);
        await app.PayAsync(page, Visa);
        var customer = await app.CustomerAsync(user);
        var method = (await app.AtStripeAsync(HttpMethod.Get, $"payment_methods?customer={customer}")).GetProperty("data")[0].GetProperty("id").GetString();
        await app.AtStripeAsync(HttpMethod.Post, $"payment_methods/{method}/detach");

        await app.SettleAsync();

        Assert.Equal(new Packs(1, 1000, 0, 0, 0), await app.PacksAsync(user));
        Assert.Null(await CardAsync(user));
        Assert.Equal("done", (await app.EventAsync(page.Segments[^1])).State);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("4000000000000002", null)]
    [InlineData("4000002500003155", "fail")]
    public async Task A_page_that_was_not_finished_saves_nothing_and_says_so(string? card, string? bank)
    {
        var user = await app.GivenUserAsync(credits: 50);
        var page = await OpenAsync(user);
        if (card is not null)
            await app.PayAsync(page, card);
        if (bank is not null)
            await AnswerAsync(page, bank);
        await app.SettleAsync();

        var main = (await app.SignedInAs(user).GetPageAsync($"/billing/top-up/card?session_id={page.Segments[^1]}")).QuerySelector("main")!;
        Assert.Contains("No card was saved yet; nothing was charged.", main.TextContent, StringComparison.Ordinal);
        Assert.Null(await CardAsync(user));
        Assert.IsType<TopUpResult.NoCard>(await app.Service<TopUpSwitch>().AllowAsync(user.Id, new TopUpWish(200, "small", 100_000), null, CancellationToken.None));
        await app.RunAsync();
        Assert.Equal(50, await app.AvailableAsync(user));
    }

    [Fact]
    public async Task A_card_whose_bank_asks_once_is_asked_while_it_is_saved_and_pays_alone_afterwards()
    {
        var user = await app.GivenUserAsync(credits: 50);
        var page = await OpenAsync(user);
        Assert.EndsWith("/authenticate", (await app.PayAsync(page, "4000002500003155"))!.OriginalString, StringComparison.Ordinal);
        await AnswerAsync(page, "complete");
        await app.SettleAsync();

        await app.AllowAsync(user);
        await app.RunAsync();

        Assert.Equal((1, 350), (await app.ChargesAsync(user), await app.AvailableAsync(user)));
    }

    [Fact]
    public async Task While_Stripe_is_away_the_page_says_so_and_the_next_press_works()
    {
        var user = await app.GivenUserAsync();
        app.Stripe.Faults.Unavailable = true;
        var response = await app.SignedInAs(user).PostFormAsync("/billing/top-up/card", from: "/billing/top-up");
        app.Stripe.Faults.Unavailable = false;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("Our payment partner does not answer at the moment.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await OpenAsync(user);
    }

    [Theory]
    [InlineData("cs_test_nobody")]
    [InlineData("../customers")]
    public async Task A_page_that_is_nobodys_is_not_found(string session)
    {
        var user = await app.GivenUserAsync();
        await OpenAsync(user);

        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(user).GetAsync($"/billing/top-up/card?session_id={Uri.EscapeDataString(session)}")).StatusCode);
    }

    private async Task<Uri> OpenAsync(TestUser user)
    {
        var response = await app.SignedInAs(user).PostFormAsync("/billing/top-up/card", from: "/billing/top-up");
        return response.Headers.Location ?? throw new InvalidOperationException($"No page for a card: {(int)response.StatusCode}");
    }

    private async Task<StripeCard?> CardAsync(TestUser user) => await app.Service<StripeGateway>().FindCardAsync(await app.CustomerAsync(user), CancellationToken.None);

    private async Task<string?> ChargedAsync(TestUser user) => (await app.AtStripeAsync(HttpMethod.Get, $"charges?customer={await app.CustomerAsync(user)}"))
        .GetProperty("data")[0].GetProperty("payment_method_details").GetProperty("card").GetProperty("last4").GetString();

    private static async Task AnswerAsync(Uri page, string outcome)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("outcome", outcome)]);
        (await browser.PostAsync($"{page}/authenticate", form)).Dispose();
    }
}
