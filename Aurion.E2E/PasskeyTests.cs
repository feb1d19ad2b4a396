using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Aurion.E2E;

/// <summary>Passkeys in a browser, with the authenticator that Chromium has for tests. Browsers take no IP address for them: hence localhost.</summary>
public sealed class PasskeyTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    private string Home => Site.State.Web.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task A_passkey_is_added_and_signs_in_without_a_password(string language)
    {
        var visitor = await VisitAsync(new(language));
        visitor.ExpectAttempts(Home);
        var device = await visitor.Page.Context.NewCDPSessionAsync(visitor.Page);
        await device.SendAsync("WebAuthn.enable");
        var id = (await device.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        }))!.Value.GetProperty("authenticatorId").GetString()!;
        await visitor.OpenAsync(Home + "/account/sign-up");
        var email = Visitor.NewAddress();
        await visitor.FillAccountAsync(email, Visitor.Password);
        await visitor.Button("Create my account").ClickAsync();
        await IsAtAsync(visitor, "/dashboard");

        await visitor.OpenAsync(Home + "/account");
        await visitor.Link("Passkeys").ClickAsync();
        await visitor.Link("Add a passkey").ClickAsync();
        await visitor.Field("A name for it").FillAsync("Laptop");
        await visitor.Field("Current password").FillAsync(Visitor.Password);
        await visitor.Button("Continue").ClickAsync();
        await IsAtAsync(visitor, "/account/passkeys");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Main).GetByText("Laptop").First).ToBeVisibleAsync();
        await visitor.CheckAsync();
        await GetsMailAsync(email, visitor.Say("A passkey was added to your account"));

        await visitor.OpenAsync(Home + "/account/sign-out");
        await visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = visitor.Say("Sign out") }).First.ClickAsync();
        await IsAtAsync(visitor, "/");
        // Somebody whom the device does not recognize.
        await device.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = id, ["isUserVerified"] = false });
        await visitor.OpenAsync(Home + "/account/sign-in?returnUrl=%2Fcredits");
        await visitor.Link("Sign in with a passkey").ClickAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Main).GetByText(visitor.Say("Nothing was confirmed. Press the button to try again."))).ToBeVisibleAsync();
        await visitor.CheckAsync();

        await device.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = id, ["isUserVerified"] = true });
        await visitor.Button("Use my passkey").ClickAsync();
        await IsAtAsync(visitor, "/credits");
    }

    [Fact]
    public async Task Where_no_passkey_works_the_page_says_so_and_leads_to_the_password()
    {
        var visitor = await VisitAsync();
        await visitor.OpenAsync("/account/sign-in/passkey");
        await Assertions.Expect(visitor.Page.GetByText($"Passkeys work at {Home} only.")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Button("Use my passkey")).ToHaveCountAsync(0);

        var quiet = await VisitAsync(new() { JavaScript = false });
        await quiet.OpenAsync("/account/sign-in/passkey");
        await Assertions.Expect(quiet.Page.Locator("noscript p")).ToBeVisibleAsync();
        await Assertions.Expect(quiet.Button("Use my passkey")).ToHaveCountAsync(0);
        await quiet.Link("Sign in with my password").ClickAsync();
        await quiet.ArriveAsync("/account/sign-in");
    }

    private Task IsAtAsync(Visitor visitor, string path) => Assertions.Expect(visitor.Page).ToHaveURLAsync(Home + path, new() { Timeout = 60_000 });
}
