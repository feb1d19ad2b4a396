using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

/// <summary>From the front page to the first launch or the first payment, without a detour.</summary>
public sealed class FirstMinuteTests(AurionApp app) : IClassFixture<AurionApp>
{
    private static int people;

    [Theory]
    [InlineData("/pricing?period=year", "Choose Plus", "/billing/checkout?plan=plus&interval=year")]
    [InlineData("/", "Choose Starter", "/billing/checkout?plan=starter&interval=month")]
    public async Task A_plan_that_a_visitor_chose_is_the_payment_page_after_the_sign_up(string page, string button, string payment)
    {
        var browser = app.Anonymous();
        var link = (await browser.GetPageAsync(page)).QuerySelectorAll("a.btn").Single(found => found.TextContent == button).GetAttribute("href")!;
        var form = await browser.GetPageAsync(link);

        var answer = await browser.SignUpAsync($"first{Interlocked.Increment(ref people)}@test.example", returnUrl: form.QuerySelector("[name=ReturnUrl]")!.GetAttribute("value")!);

        answer.AssertGoesTo(payment);
    }

    [Fact]
    public async Task The_plan_is_carried_through_a_sign_in_too()
    {
        var email = $"first{Interlocked.Increment(ref people)}@test.example";
        await app.Anonymous().SignUpAsync(email);
        var browser = app.Anonymous();
        var link = (await browser.GetPageAsync("/pricing")).QuerySelectorAll("a.btn").Single(found => found.TextContent == "Choose Pro").GetAttribute("href")!;
        var signIn = (await browser.GetPageAsync(link)).QuerySelectorAll("main a").Single(found => found.TextContent == "Sign in").GetAttribute("href")!;

        var answer = await browser.SignInAsync(email, returnUrl: (await browser.GetPageAsync(signIn)).QuerySelector("[name=ReturnUrl]")!.GetAttribute("value")!);

        answer.AssertGoesTo("/billing/checkout?plan=pro&interval=month");
    }

    [Fact]
    public async Task A_member_on_the_front_page_sees_the_balance_and_the_way_in()
    {
        var page = await app.SignedInAs(await app.GivenUserAsync(credits: 37)).GetPageAsync("/");

        Assert.Equal("37", page.QuerySelector(".hero [data-balance=available]")!.TextContent);
        Assert.Equal("/dashboard", page.QuerySelector(".hero a.btn")!.GetAttribute("href"));
        Assert.Empty(page.QuerySelectorAll("main a[href='/account/sign-up']"));
    }
}
