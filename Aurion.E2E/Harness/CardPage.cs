using Microsoft.Playwright;

namespace Aurion.E2E.Harness;

/// <summary>The payment provider's card page, as a customer fills it in.</summary>
internal static class CardPage
{
    public const string Accepted = "4242 4242 4242 4242";
    public const string Declined = "4000 0000 0000 0002";

    public static async Task PayAsync(this Visitor visitor, string card, string button = "Subscribe")
    {
        await visitor.ReachStripeAsync("/c/pay/");
        await visitor.CheckAsync();
        await visitor.FillCardAsync(card);
        await visitor.Button(button).ClickAsync();
    }

    public static async Task FillCardAsync(this Visitor visitor, string card)
    {
        await visitor.Field("Card number").FillAsync(card);
        await visitor.Field("Expiration").FillAsync("12 / 34");
        await visitor.Field("CVC").FillAsync("123");
        await visitor.Field("Name on card").FillAsync("Camille Test");
    }

    /// <summary>From the plans to the welcome, with a card that works.</summary>
    public static async Task BuyAsync(this Visitor visitor, string plan)
    {
        await visitor.OpenAsync("/pricing");
        await visitor.Button("Choose " + plan).ClickAsync();
        await visitor.PayAsync(Accepted);
        await visitor.SeesWelcomeAsync(plan);
    }

    /// <summary>Back from the payment: the page moves on by itself once the credits are there.</summary>
    public static async Task SeesWelcomeAsync(this Visitor visitor, string plan)
    {
        await visitor.ReachAsync("/billing/return");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = visitor.Say("Welcome to") + " " + plan })).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await visitor.CheckAsync();
    }
}
