using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>What happens to a plan as time goes by, lived through the link "Advance time" on top of each page.</summary>
[Collection(TimeCollection.Name)]
public sealed class TimeTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    private const string FailsLater = "4000 0000 0000 0341";

    [Fact]
    public async Task A_renewal_fills_the_credits_again_and_leaves_an_invoice_and_a_receipt()
    {
        var (visitor, account) = await SubscribeAsync(Look.French);
        await visitor.LaunchAsync("app-builder");
        await visitor.SeesBalanceAsync(950);

        await GoToRenewalAsync(visitor, account);

        await visitor.OpenAsync("/billing");
        await visitor.SeesBalanceAsync(1000);
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "PDF" })).ToHaveCountAsync(2);
        await GetsMailAsync(account.Email, "Votre paiement de 9,00", times: 2);
    }

    [Fact]
    public async Task A_renewal_that_fails_is_told_and_paying_brings_everything_back()
    {
        var (visitor, account) = await SubscribeAsync(new Look(), FailsLater);
        await visitor.LaunchAsync("app-builder");

        await GoToRenewalAsync(visitor, account);
        await visitor.OpenAsync("/billing");
        await Expect(visitor.Page.GetByText("Your payment of $9.00 failed.")).ToBeVisibleAsync();
        await visitor.SeesBalanceAsync(950);
        await GetsMailAsync(account.Email, "Your payment failed");

        await visitor.Link("Pay $9.00").ClickAsync();
        await visitor.CheckAsync();
        await visitor.FillCardAsync(CardPage.Accepted);
        await visitor.Button("Pay").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Invoice paid" })).ToBeVisibleAsync();

        await UntilAsync(async () => (await Site.SqlAsync(Guide.NewAccount.For(account.Email)))[0]["status"] is "active");
        await visitor.OpenAsync("/billing");
        await Expect(visitor.Page.GetByText("Your payment of $9.00 failed.")).ToHaveCountAsync(0);
        await visitor.SeesBalanceAsync(1000);
    }

    [Fact]
    public async Task A_refund_takes_the_credits_back_while_the_page_is_open()
    {
        var (visitor, account) = await SubscribeAsync(new Look());
        await visitor.OpenAsync("/dashboard");
        await visitor.SeesBalanceAsync(1000);

        var control = await visitor.OpenTabAsync(Site.State.Stripe + "/control");
        await control.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = account.Email }).GetByRole(AriaRole.Button, new() { Name = "Refund" }).ClickAsync();

        await visitor.SeesBalanceAsync(0);
        await visitor.OpenAsync("/billing");
        await Expect(visitor.Page.GetByText("refunded")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task After_a_cancellation_the_paid_time_ends_on_the_free_plan_with_a_hundred_credits()
    {
        var (visitor, account) = await SubscribeAsync(new Look());
        await visitor.OpenAsync("/billing/cancel");
        await visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Cancel my contract" }).ClickAsync();
        await Expect(visitor.Page.GetByText("Your contract is cancelled")).ToBeVisibleAsync();
        await visitor.SeesBalanceAsync(1000);
        await GetsMailAsync(account.Email, "Your contract is cancelled");

        await GoToRenewalAsync(visitor, account);

        await visitor.SeesBalanceAsync(100);
        Assert.Equal("free", (await Site.SqlAsync(Guide.NewAccount.For(account.Email)))[0]["plan_type"]);
    }

    private async Task<(Visitor Visitor, DemoAccount Account)> SubscribeAsync(Look look, string card = CardPage.Accepted)
    {
        var visitor = await VisitAsync(look);
        var email = await visitor.SignUpAsync();
        await visitor.OpenAsync("/pricing");
        await visitor.Button("Choose Starter").ClickAsync();
        await visitor.PayAsync(card);
        await visitor.SeesWelcomeAsync("Starter");
        return (visitor, new DemoAccount(email, Visitor.Password, "", "", ""));
    }

    /// <summary>From the bar on top to the controls, forward to the end of the paid period, and back; after a month of more than 30 days people sign in again.</summary>
    private static async Task GoToRenewalAsync(Visitor visitor, DemoAccount account)
    {
        await visitor.Link("Advance time").ClickAsync();
        await visitor.Button($"To the next renewal of {account.Email}").ClickAsync(new() { Timeout = 120_000 });
        await Expect(visitor.Page.GetByText("It is ")).ToBeVisibleAsync();
        await visitor.OpenAsync("/dashboard");
        if (new Uri(visitor.Page.Url).AbsolutePath == "/account/sign-in")
            await visitor.SignInAsync(account);
    }
}
