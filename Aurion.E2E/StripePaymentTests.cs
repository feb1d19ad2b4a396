using System.Text.Json;
using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>The guide's Test 4.</summary>
public sealed class StripePaymentTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory, InlineData("en"), InlineData("fr")]
    public async Task Paying_Starter_gives_a_thousand_credits_at_once(string language)
    {
        var visitor = await VisitAsync(new(language));
        var email = await visitor.SignUpAsync();
        await Site.SqlAsync(Guide.LeaveTen.For(email));

        await visitor.BuyAsync("Starter");

        await AssertStarterAsync(email);
        await visitor.SeesBalanceAsync(1000);
        await visitor.LaunchAsync("app-builder");
        await visitor.SeesBalanceAsync(950);
    }

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task A_declined_card_charges_nothing_and_another_one_pays(string language)
    {
        var visitor = await VisitAsync(new(language));
        visitor.Expect(402);
        var email = await visitor.SignUpAsync();
        await visitor.OpenAsync("/pricing");
        await visitor.Button("Choose Starter").ClickAsync();

        await visitor.PayAsync(CardPage.Declined);
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(visitor.Say("Your card was declined."));
        Assert.Equal("free", Assert.Single(await Site.SqlAsync(Guide.PaidPlan.For(email)))["plan_type"]);

        await visitor.PayAsync(CardPage.Accepted);
        await visitor.SeesWelcomeAsync("Starter");
        await AssertStarterAsync(email);
    }

    [Fact]
    public async Task A_payment_that_was_left_can_be_continued_and_only_one_can_be_paid()
    {
        var visitor = await VisitAsync();
        visitor.Expect(410);
        var email = await visitor.SignUpAsync();
        await visitor.OpenAsync("/pricing");
        await visitor.Button("Choose Plus").ClickAsync();
        await visitor.ReachStripeAsync();
        var left = visitor.Page.Url;

        // A second checkout, of another plan, while the first is open.
        await visitor.BuyAsync("Starter");

        await visitor.Page.GotoAsync(left);
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "This page has expired" })).ToBeVisibleAsync();
        await AssertStarterAsync(email);
    }

    [Fact]
    public async Task An_expired_checkout_charges_nothing_and_leads_back_to_the_plans()
    {
        var visitor = await VisitAsync();
        visitor.Expect(410);
        var email = await visitor.SignUpAsync();
        await visitor.OpenAsync("/pricing");
        await visitor.Button("Choose Starter").ClickAsync();
        await visitor.ReachStripeAsync();

        using var stripe = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", Site.State.StripeSecretKey) } };
        var session = new Uri(visitor.Page.Url).Segments[^1];
        using var expired = await stripe.PostAsync(new Uri($"{Site.State.Stripe}/v1/checkout/sessions/{session}/expire"), null);
        Assert.True(expired.IsSuccessStatusCode, await expired.Content.ReadAsStringAsync());
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "This page has expired" })).ToBeVisibleAsync();

        await visitor.OpenAsync("/billing/return?session_id=" + session);
        await Expect(visitor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Nothing was charged.");
        Assert.Equal("free", Assert.Single(await Site.SqlAsync(Guide.PaidPlan.For(email)))["plan_type"]);

        // And the next attempt opens a new page.
        await visitor.BuyAsync("Starter");
        await AssertStarterAsync(email);
    }

    [Fact]
    public async Task The_way_back_from_the_card_page_charges_nothing_and_the_payment_can_go_on()
    {
        var visitor = await VisitAsync();
        var email = await visitor.SignUpAsync();
        await visitor.OpenAsync("/pricing");
        await visitor.Button("Choose Starter").ClickAsync();
        await visitor.ReachStripeAsync();
        await visitor.Link("Cancel").ClickAsync();
        await visitor.ArriveAsync("/pricing");
        Assert.Equal("free", Assert.Single(await Site.SqlAsync(Guide.PaidPlan.For(email)))["plan_type"]);

        await visitor.OpenAsync("/billing");
        await visitor.Button("Continue to payment").ClickAsync();
        await visitor.PayAsync(CardPage.Accepted);
        await visitor.SeesWelcomeAsync("Starter");
        await AssertStarterAsync(email);
    }

    [Fact]
    public async Task Billing_shows_the_plan_the_card_and_the_invoice()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await visitor.BuyAsync("Starter");

        await visitor.OpenAsync("/billing");

        var main = visitor.Page.GetByRole(AriaRole.Main);
        await Expect(main).ToContainTextAsync("Starter plan");
        await Expect(main).ToContainTextAsync("•••• 4242");
        var invoice = main.GetByRole(AriaRole.Row).Filter(new() { HasText = "$9.00" });
        await Expect(invoice).ToContainTextAsync("paid");
        await Expect(invoice.GetByRole(AriaRole.Link)).ToHaveCountAsync(1);
    }

    private async Task AssertStarterAsync(string email)
    {
        var paid = Assert.Single(await Site.SqlAsync(Guide.PaidPlan.For(email)));
        Assert.Equal(1000, paid["total_credits"]);
        Assert.Equal(0, paid["used_credits"]);
        Assert.Equal("starter", paid["plan_type"]);
        using var metadata = JsonDocument.Parse((string)Assert.Single(await Site.SqlAsync(Guide.UpgradeLog.For(email)))["metadata"]!);
        Assert.Equal(1000, metadata.RootElement.GetProperty("credits_granted").GetInt32());
        Assert.Equal("starter", metadata.RootElement.GetProperty("plan_type").GetString());
        Assert.Equal(1L, Assert.Single(await Site.SqlAsync("SELECT count(*) AS n FROM usage_logs WHERE action_type = 'plan_upgraded' AND user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com')".For(email)))["n"]);
    }
}
