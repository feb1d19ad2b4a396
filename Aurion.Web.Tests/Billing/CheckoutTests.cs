using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

public sealed class CheckoutTests(BillingApp app) : IClassFixture<BillingApp>
{
    [Fact]
    public async Task The_API_answers_with_the_page_and_its_session()
    {
        var response = await app.WithToken(await app.GivenUserAsync()).PostJsonAsync("/api/create-checkout", new { plan = "starter", interval = "month" });

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith(app.Stripe.Address, answer.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("cs_", answer.GetProperty("sessionId").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"plan":"free"}""", 400, "PLAN_NOT_FOUND")]
    [InlineData("""{"plan":"gold"}""", 400, "PLAN_NOT_FOUND")]
    [InlineData("""{"plan":"starter","interval":"week"}""", 400, "CHECKOUT_INVALID")]
    [InlineData("""{"plan":""}""", 400, "CHECKOUT_INVALID")]
    [InlineData("""{}""", 400, "CHECKOUT_INVALID")]
    [InlineData("""{"plan":""", 400, "BAD_REQUEST")]
    [InlineData("""{"plan":5}""", 400, "BAD_REQUEST")]
    [InlineData("""{"plan":"star\u0000ter"}""", 400, "BAD_REQUEST")]
    public async Task A_wish_that_makes_no_sense_is_refused(string body, int status, string code)
    {
        var response = await app.WithToken(await app.GivenUserAsync()).PostTextAsync("/api/create-checkout", body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Price_amount_quantity_and_customer_are_not_taken_from_the_caller()
    {
        var user = await app.GivenUserAsync();
        var response = await app.WithToken(user).PostJsonAsync("/api/create-checkout", new
        {
            plan = "starter",
            interval = "month",
            price = "price_other",
            amount = 1,
            quantity = 1000,
            customer = "cus_other",
            client_reference_id = Guid.Empty,
            metadata = new { aurion_user = Guid.Empty },
            success_url = "https://evil.example",
        });
        var url = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!;

        Assert.Contains("$9.00", await new HttpClient().GetStringAsync(new Uri(url)), StringComparison.Ordinal);
        Assert.StartsWith("http://127.0.0.1:5080/billing/return", (await app.PayAsync(new Uri(url)))!.ToString(), StringComparison.Ordinal);
        await app.SettleAsync();
        Assert.Equal(1000, (await app.AccountAsync(user)).Total);
    }

    [Fact]
    public async Task The_same_wish_again_opens_the_same_page()
    {
        var user = await app.GivenUserAsync();
        Assert.Equal(await app.OpenCheckoutAsync(user, "starter"), await app.OpenCheckoutAsync(user, "starter"));
    }

    [Fact]
    public async Task Another_wish_closes_the_page_that_was_open()
    {
        var user = await app.GivenUserAsync();
        var first = await app.OpenCheckoutAsync(user, "starter");

        var second = await app.OpenCheckoutAsync(user, "plus");

        Assert.NotEqual(first, second);
        Assert.Null(await app.PayAsync(first));
        Assert.NotNull(await app.PayAsync(second));
        await app.SettleAsync();
        Assert.Equal((5000, "plus"), ((await app.AccountAsync(user)).Total, (await app.AccountAsync(user)).Plan));
    }

    [Fact]
    public async Task Twenty_wishes_at_once_leave_one_open_page()
    {
        var user = await app.GivenUserAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            app.WithToken(user).PostJsonAsync("/api/create-checkout", new { plan = "starter" })));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var urls = await Task.WhenAll(answers.Select(async a => (await a.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()));
        Assert.Single(urls.Distinct());
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_sessions WHERE user_id = @Id", new { user.Id }));
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_customers WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task Two_plans_at_once_leave_one_open_page_at_most()
    {
        var user = await app.GivenUserAsync();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            app.WithToken(user).PostJsonAsync("/api/create-checkout", new { plan = i % 2 == 0 ? "starter" : "plus" })));
        var open = await app.OpenCheckoutAsync(user, "pro");

        Assert.NotNull(await app.PayAsync(open));
        await app.SettleAsync();
        Assert.Equal("pro", (await app.AccountAsync(user)).Plan);
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM user_subscriptions WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task Who_has_a_subscription_cannot_buy_a_second_one()
    {
        var user = await app.GivenSubscriberAsync("starter");

        var response = await app.WithToken(user).PostJsonAsync("/api/create-checkout", new { plan = "plus" });

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("ALREADY_SUBSCRIBED", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Who_has_paid_without_our_knowing_yet_is_not_asked_to_pay_again()
    {
        var user = await app.GivenUserAsync();
        app.Stripe.Faults.Hold = true;
        try
        {
            await app.PayAsync(await app.OpenCheckoutAsync(user, "starter"));

            var same = await app.WithToken(user).PostJsonAsync("/api/create-checkout", new { plan = "starter" });

            Assert.Equal(HttpStatusCode.Conflict, same.StatusCode);
            Assert.Equal(1000, (await app.AccountAsync(user)).Total);
        }
        finally
        {
            app.Stripe.Faults.Hold = false;
        }
    }

    [Fact]
    public async Task Stripe_out_of_reach_is_said_kindly_and_leaves_nothing_bought()
    {
        var user = await app.GivenUserAsync();
        app.Stripe.Faults.Unavailable = true;
        try
        {
            var api = await app.WithToken(user).PostJsonAsync("/api/create-checkout", new { plan = "starter" });
            var page = await app.SignedInAs(user).PostFormAsync("/billing/checkout", new { plan = "starter", interval = "month" }, from: "/billing/checkout?plan=starter");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, api.StatusCode);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
            Assert.Contains("Our payment partner does not answer at the moment.", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync("/billing")).StatusCode);
        }
        finally
        {
            app.Stripe.Faults.Unavailable = false;
        }
        Assert.NotNull(await app.PayAsync(await app.OpenCheckoutAsync(user, "starter")));
    }

    [Fact]
    public async Task Nobody_buys_without_signing_in()
    {
        var response = await app.Anonymous().PostJsonAsync("/api/create-checkout", new { plan = "starter" });
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
