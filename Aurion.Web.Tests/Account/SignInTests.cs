using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

public sealed class SignInTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task The_right_password_opens_the_page_that_was_asked_for()
    {
        await GivenAccountAsync("right@test.example");
        var browser = app.Anonymous();
        (await browser.GetAsync("/account?tab=1")).AssertGoesTo("/account/sign-in?returnUrl=%2Faccount%3Ftab%3D1");

        (await browser.SignInAsync("Right@Test.Example", returnUrl: "/account?tab=1")).AssertGoesTo("/account?tab=1");

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/%2e//evil.example")]
    public async Task A_return_address_elsewhere_becomes_the_dashboard(string returnUrl)
    {
        var email = $"return-{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(returnUrl))[..12]}@test.example";
        await GivenAccountAsync(email);

        (await app.Anonymous().SignInAsync(email, returnUrl: returnUrl)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task Nothing_but_what_was_typed_differs_between_a_stranger_and_a_wrong_password()
    {
        await GivenAccountAsync("known@test.example");

        var known = await app.Anonymous().SignInAsync("known@test.example", "a wrong password");
        var stranger = await app.Anonymous().SignInAsync("other@test.example", "a wrong password");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, known.StatusCode);
        Assert.Equal(known.StatusCode, stranger.StatusCode);
        Assert.Equal(Names(known), Names(stranger));
        Assert.Equal(await BodyAsync(known, "known@"), await BodyAsync(stranger, "other@"));
    }

    [Fact]
    public async Task An_old_hash_is_strengthened_at_the_next_sign_in()
    {
        await GivenAccountAsync("old@test.example");
        var weak = new Microsoft.AspNetCore.Identity.PasswordHasher<object>(Microsoft.Extensions.Options.Options.Create(
            new Microsoft.AspNetCore.Identity.PasswordHasherOptions { IterationCount = 1000 })).HashPassword(new(), Forms.GoodPassword);
        await app.ExecuteAsync("UPDATE account_credentials SET password_hash = @weak WHERE email = 'old@test.example'", new { weak });

        (await app.Anonymous().SignInAsync("old@test.example")).AssertGoesTo("/dashboard");

        var hash = Convert.FromBase64String(await app.ScalarAsync<string>("SELECT password_hash FROM account_credentials WHERE email = 'old@test.example'"));
        Assert.Equal((uint)AurionApp.PasswordIterations, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)));
        (await app.Anonymous().SignInAsync("old@test.example")).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task A_disabled_account_is_refused_like_a_wrong_password()
    {
        await GivenAccountAsync("disabled@test.example");
        await app.ExecuteAsync("SELECT disable_account(user_id, now()) FROM account_credentials WHERE email = 'disabled@test.example'");

        var response = await app.Anonymous().SignInAsync("disabled@test.example");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("Wrong e-mail or password", (await response.ReadHtmlAsync()).Refusal());
    }

    [Fact]
    public async Task Language_and_theme_follow_the_account()
    {
        await GivenAccountAsync("taste@test.example");
        await app.ExecuteAsync("UPDATE profiles SET locale = 'fr', theme = 'dark' WHERE email = 'taste@test.example'");
        var browser = app.Anonymous();

        await browser.SignInAsync("taste@test.example");

        var page = await browser.GetPageAsync("/account");
        Assert.Equal(("fr", "dark"), (page.DocumentElement.GetAttribute("lang"), page.DocumentElement.GetAttribute("data-theme")));
    }

    private async Task GivenAccountAsync(string email) => (await app.Anonymous().SignUpAsync(email)).AssertGoesTo("/dashboard");

    private static IEnumerable<string> Names(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers).Select(h => h.Key).Order(StringComparer.Ordinal);

    private static async Task<string> BodyAsync(HttpResponseMessage response, string typed)
    {
        var page = await response.ReadHtmlAsync();
        foreach (var token in page.QuerySelectorAll("[name=__RequestVerificationToken]"))
            token.RemoveAttribute("value");
        return page.DocumentElement.OuterHtml.Replace(typed, "typed@", StringComparison.Ordinal);
    }
}
