using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>After the first payment: up at once, down and out when the paid time ends, and back again.</summary>
public sealed class PlanChangeTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory, InlineData("en"), InlineData("fr")]
    public async Task Going_up_is_shown_in_money_and_credits_and_then_happens_at_once(string language)
    {
        var visitor = await VisitAsync(new(language));
        var email = await visitor.SignUpAsync();
        await visitor.BuyAsync("Starter");

        await visitor.OpenAsync("/pricing");
        await visitor.Link("Change to Plus").ClickAsync();
        await visitor.ArriveAsync("/billing/change");
        await Expect(visitor.Page.Locator("dl > div").Filter(new() { HasText = visitor.Say("Your credits then") })).ToContainTextAsync(visitor.Number(6000));
        await visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = visitor.Say("Pay") }).ClickAsync();

        await visitor.ArriveAsync("/billing");
        // The 1,000 of Starter that were left stay beside the 5,000 of Plus.
        await visitor.SeesBalanceAsync(6000);
        Assert.Equal("plus", Assert.Single(await Site.SqlAsync(Guide.PaidPlan.For(email)))["plan_type"]);
    }

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task Going_down_waits_for_the_end_of_the_paid_time(string language)
    {
        var visitor = await VisitAsync(new(language));
        var email = await visitor.SignUpAsync();
        await visitor.BuyAsync("Plus");

        await visitor.OpenAsync("/pricing");
        await visitor.Link("Change to Starter").ClickAsync();
        await visitor.ArriveAsync("/billing/change");
        await visitor.Button("Change on").ClickAsync();

        await visitor.ArriveAsync("/billing");
        await visitor.SeesBalanceAsync(5000);
        Assert.Equal("plus", Assert.Single(await Site.SqlAsync(Guide.PaidPlan.For(email)))["plan_type"]);
    }

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task A_contract_is_cancelled_in_three_clicks_from_any_page_and_can_be_kept_after_all(string language)
    {
        var visitor = await VisitAsync(new(language));
        var email = await visitor.SignUpAsync();
        await visitor.BuyAsync("Starter");
        await visitor.OpenAsync("/tools");

        await visitor.Page.GetByRole(AriaRole.Contentinfo).GetByRole(AriaRole.Link, new() { Name = visitor.Say("Cancel my contract") }).ClickAsync();
        await visitor.ArriveAsync("/billing/cancel");
        await visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = visitor.Say("Cancel my contract") }).ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = visitor.Say("Your contract is cancelled") })).ToBeVisibleAsync();
        await visitor.CheckAsync();
        await visitor.SeesBalanceAsync(1000);
        Assert.Equal("starter", Assert.Single(await Site.SqlAsync(Guide.PaidPlan.For(email)))["plan_type"]);

        var billing = await visitor.OpenTabAsync("/billing");
        await Expect(billing.Button("Keep my plan")).ToBeVisibleAsync();

        await visitor.Page.BringToFrontAsync();
        await visitor.Button("Keep my plan after all").ClickAsync();
        await visitor.ArriveAsync("/billing");
        await Expect(visitor.Button("Keep my plan")).ToHaveCountAsync(0);
        await visitor.SeesBalanceAsync(1000);
    }
}
