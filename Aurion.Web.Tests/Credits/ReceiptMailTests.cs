using System.Net;
using Aurion.Web.Tests.Account;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Credits;

/// <summary>The till slip in one's own mailbox.</summary>
public sealed class ReceiptMailTests(MailApp app) : IClassFixture<MailApp>
{
    private static int people;

    [Fact]
    public async Task A_receipt_goes_to_its_owners_inbox_in_their_language()
    {
        var (email, browser) = await GivenLauncherAsync();
        await app.ExecuteAsync("UPDATE profiles SET locale = 'fr' WHERE email = @email", new { email });
        var page = await browser.GetPageAsync("/credits/2");
        Assert.Equal("Send it to me by e-mail", page.QuerySelector("form[action='/credits/2/send'] button")!.TextContent);

        (await PressAsync(browser, 2, PressOf(page))).AssertGoesTo("/credits/2");

        Assert.Contains("The receipt is on its way to your inbox.", (await browser.GetPageAsync("/credits/2")).QuerySelector("#toasts")!.TextContent, StringComparison.Ordinal);
        var mail = Assert.Single(await app.MailboxAsync(email));
        Assert.StartsWith("Votre reçu (Lancement", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("nº\u00a02", WebUtility.HtmlDecode(mail.Html), StringComparison.Ordinal);
        Assert.Matches("Solde après \\.{3,} 50", mail.Text);
        Assert.EndsWith("/credits/2", mail.Links[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_press_is_one_mail_however_often_it_arrives_and_the_next_press_another()
    {
        var (email, browser) = await GivenLauncherAsync();
        var press = PressOf(await browser.GetPageAsync("/credits/2"));
        var token = await browser.FormTokenAsync("/credits/2", "/credits/2/send");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.SendFormAsync("/credits/2/send", [new("press", press), new("__RequestVerificationToken", token)])));
        Assert.Single(await app.MailboxAsync(email));

        await PressAsync(browser, 2, PressOf(await browser.GetPageAsync("/credits/2")));
        Assert.Equal(2, (await app.MailboxAsync(email)).Count);
    }

    [Fact]
    public async Task Five_go_out_within_ten_minutes_also_at_once()
    {
        var (email, browser) = await GivenLauncherAsync();
        var token = await browser.FormTokenAsync("/credits/2", "/credits/2/send");

        await Task.WhenAll(Enumerable.Range(1, 8).Select(n => browser.SendFormAsync("/credits/1/send", [new("press", Press(n)), new("__RequestVerificationToken", token)])));

        Assert.Equal(5, (await app.MailboxAsync(email)).Count);
        await PressAsync(browser, 2, Press(9));
        Assert.Contains("Try again a little later.", (await browser.GetPageAsync("/credits/2")).QuerySelector("#toasts")!.TextContent, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await PressAsync(browser, 2, Press(10));
        Assert.Equal(6, (await app.MailboxAsync(email)).Count);

        static string Press(int n) => $"01900000-0000-7000-8000-{n:D12}";
    }

    [Fact]
    public async Task Nothing_goes_to_an_address_that_is_not_proven_or_about_somebody_elses_receipt()
    {
        var (email, browser) = await GivenLauncherAsync();
        await app.ExecuteAsync("UPDATE account_credentials SET verified_at = NULL WHERE email = @email", new { email });

        (await PressAsync(browser, 2, PressOf(await browser.GetPageAsync("/credits/2")))).AssertGoesTo("/credits/2");

        Assert.Contains("Confirm your e-mail address", (await browser.GetPageAsync("/credits/2")).QuerySelector("#toasts")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(await app.MailboxAsync(email));
        var newcomer = app.SignedInAs(await app.GivenUserAsync());
        var token = await newcomer.FormTokenAsync("/credits/1", "/credits/1/send");
        Assert.Equal(HttpStatusCode.NotFound, (await newcomer.SendFormAsync("/credits/2/send", [new("press", "01900000-0000-7000-8000-000000000001"), new("__RequestVerificationToken", token)])).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await newcomer.SendFormAsync("/credits/1/send", [new("press", "01900000-0000-7000-8000-000000000001")])).StatusCode);
    }

    private static string PressOf(AngleSharp.Html.Dom.IHtmlDocument page) => page.QuerySelector("input[name=press]")!.GetAttribute("value")!;

    private static async Task<HttpResponseMessage> PressAsync(TestClient browser, int seq, string press)
    {
        var token = await browser.FormTokenAsync($"/credits/{seq}", $"/credits/{seq}/send");
        return await browser.SendFormAsync($"/credits/{seq}/send", [new("press", press), new("__RequestVerificationToken", token)]);
    }

    /// <summary>Somebody with a proven address who launched a tool: movement 2.</summary>
    private async Task<(string Email, TestClient Browser)> GivenLauncherAsync()
    {
        var (email, browser) = ($"receipt{Interlocked.Increment(ref people)}@test.example", app.Anonymous());
        (await browser.SignUpAsync(email)).AssertGoesTo("/dashboard");
        await app.ExecuteAsync("UPDATE account_credentials SET verified_at = now() WHERE email = @email", new { email });
        await browser.PostFormAsync("/tools/app-builder");
        return (email, browser);
    }
}
