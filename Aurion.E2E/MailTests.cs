using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>Every mail about money, as a person gets it in the course of a contract, holds what every page must hold.</summary>
[Collection(TimeCollection.Name)]
public sealed class MailTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    private static readonly string[] English = ["Your payment of $9.00", "Your payment of $4.00", "Your contract is cancelled", "Your payment failed"];
    private static readonly string[] French = ["Votre paiement de 9,00", "Votre paiement de 4,00", "Votre contrat est résilié", "Votre paiement a échoué"];

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task Each_mail_about_money_is_titled_legible_and_fits_a_phone(string language)
    {
        var subjects = language == "fr" ? French : English;
        var visitor = await VisitAsync(new(language));
        var email = await visitor.SignUpAsync();
        await visitor.OpenAsync("/pricing");
        await visitor.Button("Choose Starter").ClickAsync();
        await visitor.PayAsync("4000 0000 0000 0341");
        await visitor.SeesWelcomeAsync("Starter");
        await CancelAndKeepAsync(visitor);
        await TopUpAsync(visitor, email);
        await visitor.Link("Advance time").ClickAsync();
        await visitor.Button($"To the next renewal of {email}").ClickAsync(new() { Timeout = 120_000 });
        foreach (var subject in subjects)
            await GetsMailAsync(email, subject);

        await ReadsMailsAsync(visitor, email);
    }

    private static async Task CancelAndKeepAsync(Visitor visitor)
    {
        await visitor.OpenAsync("/billing/cancel");
        await visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = visitor.Say("Cancel my contract") }).ClickAsync();
        await visitor.Button("Keep my plan after all").ClickAsync();
        await visitor.ArriveAsync("/billing");
    }

    /// <summary>Another card, saved for top-ups alone, pays one as soon as a launch leaves too few credits.</summary>
    private async Task TopUpAsync(Visitor visitor, string email)
    {
        await visitor.OpenAsync("/billing/top-up");
        await visitor.Button("Save a card").ClickAsync();
        await visitor.PayAsync(CardPage.Accepted, "Save card");
        await visitor.ArriveAsync("/billing/top-up");
        await visitor.Page.Locator("#Input_Pack").SelectOptionAsync("small");
        await visitor.Button("Switch on").ClickAsync();
        await Expect(visitor.Button("Switch off")).ToBeVisibleAsync();
        await Site.SqlAsync(Guide.LeaveTen.For(email));
        await visitor.LaunchAsync("text-editor");
        await visitor.SeesBalanceAsync(305);
    }
}
