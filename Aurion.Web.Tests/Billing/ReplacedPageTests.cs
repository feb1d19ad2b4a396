using System.Net;
using Aurion.Data.Billing;
using Aurion.Sandbox.Stripe.Control;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>A payment page that another replaced can still be paid until Stripe has closed it.</summary>
public sealed class ReplacedPageTests(PackApp app) : IClassFixture<PackApp>
{
    [Theory]
    [InlineData(CallFaultKind.Unavailable)]
    [InlineData(CallFaultKind.Error)]
    [InlineData(CallFaultKind.ErrorAfterEffect)]
    public async Task No_second_page_opens_before_the_first_is_closed(CallFaultKind kind)
    {
        var user = await app.GivenUserAsync();
        var first = await app.OpenCheckoutAsync(user, "starter");
        using (app.Stripe.Faults.OnCall("POST /v1/checkout/sessions/*", kind, times: kind == CallFaultKind.Unavailable ? 10 : 1))
        {
            var refused = await PressAsync(user, "plus");
            if (kind == CallFaultKind.Unavailable)
                Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        var second = await app.OpenCheckoutAsync(user, "plus");
        Assert.Null(await app.PayAsync(first));
        Assert.NotNull(await app.PayAsync(second));
        await app.SettleAsync();

        Assert.Equal((5000, "plus"), ((await app.AccountAsync(user)).Total, (await app.AccountAsync(user)).Plan));
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM user_subscriptions WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task A_page_whose_closing_failed_is_closed_by_the_job_when_nobody_comes_back()
    {
        var user = await app.GivenUserAsync();
        var first = await app.OpenCheckoutAsync(user, "starter");
        using (app.Stripe.Faults.OnCall("POST /v1/checkout/sessions/*", CallFaultKind.Unavailable, times: 10))
            await PressAsync(user, "plus");
        Assert.Equal("closing", await StatusAsync(first));

        await app.Service<ClosePaymentPagesJob>().RunAsync(CancellationToken.None);

        Assert.Equal("replaced", await StatusAsync(first));
        Assert.Null(await app.PayAsync(first));
    }

    [Fact]
    public async Task A_look_that_began_before_the_page_was_closed_and_ends_later_does_not_open_it_again()
    {
        var user = await app.GivenUserAsync();
        var first = await app.OpenCheckoutAsync(user, "starter");
        var session = await app.ScalarAsync<string>("SELECT session_id FROM purchases WHERE user_id = @Id", new { user.Id });
        var billing = app.Service<BillingStore>();
        var (one, two) = (await billing.NextReadAsync(), await billing.NextReadAsync());
        var open = await app.Service<StripeReader>().ReadAsync("checkout.session", session, CancellationToken.None);
        await app.ExecuteAsync("UPDATE purchases SET status = 'closing' WHERE user_id = @Id", new { user.Id });
        await app.AtStripeAsync(HttpMethod.Post, $"checkout/sessions/{session}/expire");
        var closed = await app.Service<StripeReader>().ReadAsync("checkout.session", session, CancellationToken.None);

        // The one that began first read last; a third changed nothing and so left no trace; then the second one ends.
        await billing.ApplyAsync(closed!.ToJson(), one, app.Clock.GetUtcNow());
        await billing.ApplyAsync(closed.ToJson(), await billing.NextReadAsync(), app.Clock.GetUtcNow());
        await billing.ApplyAsync(open!.ToJson(), two, app.Clock.GetUtcNow());

        Assert.Equal("replaced", await StatusAsync(first));
    }

    [Fact]
    public async Task A_replaced_page_that_was_paid_first_is_the_persons_plan_and_no_other_page_opens()
    {
        var user = await app.GivenUserAsync();
        var first = await app.OpenCheckoutAsync(user, "starter");
        Assert.NotNull(await app.PayAsync(first));

        var response = await PressAsync(user, "plus");

        Assert.StartsWith("/billing/change", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal("starter", (await app.AccountAsync(user)).Plan);
        Assert.Equal("complete", await StatusAsync(first));
    }

    [Fact]
    public async Task A_pack_page_with_another_answer_about_the_card_closes_the_one_before()
    {
        var user = await app.GivenUserAsync(credits: 0);
        var first = await app.OpenPackAsync(user, "small");

        var second = await app.OpenPackAsync(user, "small", keepCard: true);

        Assert.NotEqual(first, second);
        Assert.Null(await app.PayAsync(first));
        Assert.NotNull(await app.PayAsync(second));
    }

    [Fact]
    public async Task A_pack_page_that_was_open_before_the_shop_was_one_leads_back_here()
    {
        var user = await app.GivenBuyerAsync("small");
        var session = await app.SessionAsync(user);

        var old = await app.SignedInAs(user).GetAsync($"/billing/packs/return?session_id={session}");

        Assert.Equal($"/billing/return?session_id={session}", old.Headers.Location!.OriginalString);
        Assert.Contains("300 credits more", (await app.SignedInAs(user).GetPageAsync(old.Headers.Location.OriginalString)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PressAsync(TestUser user, string plan) =>
        app.SignedInAs(user).PostFormAsync("/billing/checkout", new { plan, interval = "month" }, from: $"/billing/checkout?plan={plan}");

    private Task<string> StatusAsync(Uri page) => app.ScalarAsync<string>("SELECT status FROM purchases WHERE session_id = @id", new { id = page.Segments[^1] });
}
