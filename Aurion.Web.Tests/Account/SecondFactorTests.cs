using System.Net;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;
using OtpNet;

namespace Aurion.Web.Tests.Account;

/// <summary>The second step of a sign-in: from the picture on the page to a phone that is lost.</summary>
public sealed class SecondFactorTests(MailApp app) : IClassFixture<MailApp>
{
    private const string Page = "/account/second-step";
    private static int people;

    [Fact]
    public async Task The_picture_holds_the_key_a_code_switches_it_on_and_the_owner_is_told()
    {
        var (email, browser) = await GivenAccountAsync();
        var page = await browser.GetPageAsync(Page);
        Assert.NotNull(page.QuerySelector("svg[role=img] path"));
        Assert.Empty(page.QuerySelectorAll("main [style]"));
        // The page shows the same key until it is used.
        Assert.Equal(KeyOf(page), KeyOf(await browser.GetPageAsync(Page)));

        var codes = await EnableAsync(browser);

        Assert.Equal(10, codes.Distinct().Count());
        Assert.DoesNotContain(codes[0], (await browser.GetPageAsync(Page)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Two-step sign-in is on", Assert.Single(await app.MailboxAsync(email)).Subject);
        var secret = await app.ScalarAsync<string>("SELECT secret FROM account_second_factors f JOIN profiles p ON p.id = f.user_id WHERE p.email = @email", new { email });
        Assert.DoesNotContain(KeyOf(page), secret, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_password_alone_opens_nothing_and_the_code_opens_the_page_that_was_asked_for()
    {
        var (email, browser) = await GivenAccountAsync();
        var key = KeyOf(await browser.GetPageAsync(Page));
        await EnableAsync(browser);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var other = app.Anonymous();

        (await other.SignInAsync(email, returnUrl: "/credits")).AssertGoesTo("/account/sign-in/code?returnUrl=%2Fcredits");
        Assert.Null(other.Jar["aurion"]);
        Assert.Equal(HttpStatusCode.Redirect, (await other.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await CodeAsync(other, "000000")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await CodeAsync(other, "")).StatusCode);
        (await CodeAsync(other, CodeOf(key), "/credits")).AssertGoesTo("/credits");
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/account")).StatusCode);
    }

    [Theory]
    [InlineData(-2, false), InlineData(-1, true), InlineData(0, true), InlineData(1, true), InlineData(2, false)]
    public async Task A_code_is_good_half_a_minute_early_or_late(int steps, bool isGood)
    {
        var (email, browser) = await GivenAccountAsync();
        var key = KeyOf(await browser.GetPageAsync(Page));
        await EnableAsync(browser);
        // In the middle of a step, so that a slow machine does not leave it.
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        var other = app.Anonymous();
        await other.SignInAsync(email);
        app.Clock.StopAt(DateTimeOffset.FromUnixTimeSeconds((app.Clock.GetUtcNow().ToUnixTimeSeconds() / 30 * 30) + 15));

        var answer = await CodeAsync(other, CodeOf(key, steps));

        Assert.Equal(isGood ? HttpStatusCode.Redirect : HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Fact]
    public async Task Of_ten_that_use_one_code_at_once_one_signs_in_and_so_it_is_with_a_recovery_code()
    {
        var (email, browser) = await GivenAccountAsync();
        var key = KeyOf(await browser.GetPageAsync(Page));
        var recovery = await EnableAsync(browser);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var factors = app.Service<Aurion.Web.Account.TwoStep.SecondFactors>();
        var id = await app.ScalarAsync<Guid>("SELECT id FROM profiles WHERE email = @email", new { email });

        foreach (var code in new[] { CodeOf(key), recovery[3], recovery[4].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal) })
        {
            var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => factors.TakeAsync(id, code, CancellationToken.None)));
            Assert.Single(taken, true);
        }
        Assert.Contains("Recovery codes left: 8.", (await browser.GetPageAsync(Page)).Body!.TextContent, StringComparison.Ordinal);
        // The code that switched it on was taken, too.
        Assert.False(await factors.TakeAsync(id, CodeOf(key, -4), CancellationToken.None));
    }

    [Fact]
    public async Task Guessing_is_braked_by_account_also_from_many_browsers()
    {
        var (email, browser) = await GivenAccountAsync();
        await EnableAsync(browser);
        var refusals = 0;
        for (var i = 0; i < 7; i++)
        {
            var other = app.Anonymous();
            await other.SignInAsync(email);
            refusals += (await CodeAsync(other, "000000")).StatusCode == HttpStatusCode.TooManyRequests ? 1 : 0;
        }

        Assert.Equal(2, refusals);
    }

    [Fact]
    public async Task The_second_step_without_the_first_or_after_a_new_password_begins_anew()
    {
        var (email, browser) = await GivenAccountAsync();
        await EnableAsync(browser);
        (await app.Anonymous().GetAsync("/account/sign-in/code")).AssertGoesTo("/account/sign-in");
        var half = app.Anonymous();
        await half.SignInAsync(email);
        var token = await half.FormTokenAsync("/account/sign-in/code");

        (await browser.ChangePasswordAsync(Forms.GoodPassword, "marie irene eve 1911")).AssertGoesTo("/account");

        (await half.SendFormAsync("/account/sign-in/code", [new("Input.Code", "000000"), new("__RequestVerificationToken", token)])).AssertGoesTo("/account/sign-in");
    }

    [Fact]
    public async Task Switching_off_takes_the_password_and_tells_the_owner()
    {
        var (email, browser) = await GivenAccountAsync();
        await EnableAsync(browser);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync(Page + "/off", ("Input.Password", "not the password 77"))).StatusCode);
        (await browser.PostAsync(Page + "/off", ("Input.Password", Forms.GoodPassword))).AssertGoesTo("/account");

        Assert.Equal(["Two-step sign-in is on", "Two-step sign-in is off"], (await app.MailboxAsync(email)).Select(mail => mail.Subject));
        (await app.Anonymous().SignInAsync(email)).AssertGoesTo("/dashboard");
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_recovery_codes r JOIN profiles p ON p.id = r.user_id WHERE p.email = @email", new { email }));
    }

    [Fact]
    public async Task A_wrong_code_or_password_switches_nothing_on()
    {
        var (email, browser) = await GivenAccountAsync();
        var key = KeyOf(await browser.GetPageAsync(Page));

        Assert.NotNull((await (await browser.PostAsync(Page, ("Input.Code", "000000"), ("Input.Password", Forms.GoodPassword))).ReadHtmlAsync()).ErrorOf("Input.Code"));
        Assert.NotNull((await (await browser.PostAsync(Page, ("Input.Code", CodeOf(key)), ("Input.Password", "not the password 77"))).ReadHtmlAsync()).ErrorOf("Input.Password"));
        Assert.NotNull((await (await browser.PostAsync(Page, ("Input.Code", ""), ("Input.Password", ""))).ReadHtmlAsync()).ErrorOf("Input.Code"));

        (await app.Anonymous().SignInAsync(email)).AssertGoesTo("/dashboard");
    }

    private async Task<IReadOnlyList<string>> EnableAsync(TestClient browser)
    {
        var key = KeyOf(await browser.GetPageAsync(Page));
        var answer = await browser.PostAsync(Page, ("Input.Code", CodeOf(key)), ("Input.Password", Forms.GoodPassword));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.ReadHtmlAsync()).QuerySelectorAll("main li code").Select(code => code.TextContent)];
    }

    private static string KeyOf(AngleSharp.Html.Dom.IHtmlDocument page) => page.QuerySelector("main code")!.TextContent.Replace(" ", "", StringComparison.Ordinal);

    private string CodeOf(string key, int steps = 0) =>
        new Totp(Base32Encoding.ToBytes(key)).ComputeTotp(app.Clock.GetUtcNow().UtcDateTime.AddSeconds(30 * steps));

    private static async Task<HttpResponseMessage> CodeAsync(TestClient browser, string code, string returnUrl = "") =>
        await browser.PostAsync("/account/sign-in/code", ("Input.Code", code), ("ReturnUrl", returnUrl));

    private async Task<(string Email, TestClient Browser)> GivenAccountAsync()
    {
        var (email, browser) = ($"second{Interlocked.Increment(ref people)}@test.example", app.Anonymous());
        (await browser.SignUpAsync(email)).AssertGoesTo("/dashboard");
        return (email, browser);
    }
}
