using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>Who forgot the password comes back in through the mailbox.</summary>
public sealed class PasswordResetTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    private const string NewPassword = "marie irene eve 1911";

    [Theory]
    [InlineData("en", false, 1280, true)]
    [InlineData("fr", true, 390, false)]
    public async Task A_forgotten_password_is_replaced_through_the_mailbox(string language, bool dark, int width, bool script)
    {
        var elsewhere = await VisitAsync(new(language));
        var email = await elsewhere.SignUpAsync();
        var visitor = await VisitAsync(new(language, dark, width, script));
        visitor.Expect(422);
        visitor.Expect(410);
        await visitor.OpenAsync("/account/sign-in");
        await visitor.Link("Forgotten your password?").ClickAsync();
        await visitor.ArriveAsync("/account/forgotten");
        await visitor.Field("E-mail").FillAsync(email);
        await visitor.Button("Send the link").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = visitor.Say("Check your inbox") })).ToBeVisibleAsync();
        await visitor.CheckAsync();

        await GetsMailAsync(email, visitor.Say("Choose a new password"));
        var link = Assert.Single(Assert.Single(await MailsAsync(email), mail => mail.Subject == visitor.Say("Choose a new password")).Links);
        await visitor.Page.GotoAsync(link);
        await visitor.ArriveAsync("/account/reset");
        Assert.DoesNotContain("token", visitor.Page.Url, StringComparison.Ordinal);
        await visitor.Field("New password").FillAsync("password123");
        await visitor.Button("Save the new password").ClickAsync();
        await Expect(visitor.Field("New password")).ToHaveAttributeAsync("aria-invalid", "true");
        await visitor.CheckAsync();
        await visitor.Field("New password").FillAsync(NewPassword);
        await visitor.Button("Save the new password").ClickAsync();
        await visitor.ArriveAsync("/account/sign-in");
        await Expect(visitor.Page.GetByText(visitor.Say("Your password has been changed. Sign in with the new one."))).ToBeVisibleAsync();

        await elsewhere.Page.GotoAsync("/dashboard");
        await elsewhere.ReachAsync("/account/sign-in");
        await visitor.FillAccountAsync(email, NewPassword);
        await visitor.Button("Sign in").ClickAsync();
        await visitor.ArriveAsync("/dashboard");
        await visitor.OpenAsync(link);
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = visitor.Say("This link has expired") })).ToBeVisibleAsync();
        await GetsMailAsync(email, visitor.Say("Your password was changed"));
        await ReadsMailsAsync(elsewhere, email);
    }
}
