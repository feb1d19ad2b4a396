using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

public sealed class CrossSiteTests(AurionApp app) : IClassFixture<AurionApp>
{
    private const string TokenField = "__RequestVerificationToken";

    public static TheoryData<string> SignedInForms =>
        ["/account", "/account/password", "/account/delete", "/account/second-step", "/account/second-step/off", "/account/passkeys/add", "/account/passkeys/create", "/account/passkeys/01900000-0000-7000-8000-000000000000/remove", "/account/email", "/account/export", "/account/verify/send", "/account/sign-out", "/account/sessions/end-others", "/account/sessions/01900000-0000-7000-8000-000000000000/end"];

    [Theory]
    [InlineData("/account/sign-in")]
    [InlineData("/account/sign-up")]
    [InlineData("/account/sign-in/passkey")]
    [InlineData("/account/forgotten")]
    [InlineData("/account/reset")]
    public async Task A_form_for_strangers_is_refused_without_its_token(string form)
    {
        var response = await app.Anonymous().SendFormAsync(form, [new("Input.Email", "csrf@test.example"), new("Input.Password", Forms.GoodPassword)]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("aurion=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nobody_can_be_signed_in_to_the_attackers_account_with_the_attackers_token()
    {
        var (attacker, victim) = (app.Anonymous(), app.Anonymous());
        await attacker.SignUpAsync("attacker@test.example");
        await attacker.PostAsync("/account/sign-out");
        var token = await attacker.FormTokenAsync("/account/sign-in");
        await victim.GetPageAsync("/account/sign-in");

        var response = await victim.SendFormAsync("/account/sign-in",
            [new("Input.Email", "attacker@test.example"), new("Input.Password", Forms.GoodPassword), new(TokenField, token)]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [MemberData(nameof(SignedInForms))]
    public async Task A_form_is_refused_without_its_token_and_with_another_persons(string form)
    {
        var (user, other) = (app.SignedInAs(await app.GivenUserAsync()), app.SignedInAs(await app.GivenUserAsync()));
        await user.GetPageAsync("/account");
        var foreign = await other.FormTokenAsync("/account");

        Assert.Equal(HttpStatusCode.BadRequest, (await user.SendFormAsync(form, [])).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await user.SendFormAsync(form, [new(TokenField, foreign)])).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await user.GetAsync("/account")).StatusCode);
    }

    [Theory]
    [MemberData(nameof(SignedInForms))]
    public async Task A_stranger_is_sent_to_sign_in_and_nothing_happens(string form)
    {
        var browser = app.Anonymous();
        var token = await browser.FormTokenAsync("/account/sign-in");

        var response = await browser.SendFormAsync(form, [new(TokenField, token)]);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.StartsWith(form == "/account/sign-out" ? "/" : "/account/sign-in", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_sign_in_form_left_open_in_a_second_tab_leads_to_the_dashboard()
    {
        var browser = app.Anonymous();
        var token = await browser.FormTokenAsync("/account/sign-in");
        await browser.SignUpAsync("tabs@test.example");

        var response = await browser.SendFormAsync("/account/sign-in",
            [new("Input.Email", "tabs@test.example"), new("Input.Password", Forms.GoodPassword), new(TokenField, token)]);

        response.AssertGoesTo("/dashboard");
        Assert.Equal(1, await app.ScalarAsync<long>("SELECT count(*) FROM account_sessions JOIN profiles p ON p.id = user_id WHERE p.email = 'tabs@test.example'"));
    }

    [Fact]
    public async Task An_api_call_by_cookie_needs_the_page_s_token_and_one_by_bearer_does_not()
    {
        var user = await app.GivenUserAsync();
        var call = new { toolId = "text-editor" };

        Assert.Equal(HttpStatusCode.BadRequest, (await app.SignedInAs(user).PostJsonAsync("/api/validate-tool-access", call)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.WithToken(user).PostJsonAsync("/api/validate-tool-access", call)).StatusCode);
    }

    [Fact]
    public async Task A_header_that_is_no_token_does_not_let_the_cookie_through()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());
        browser.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Basic eDp5");

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" })).StatusCode);
    }
}
