using Aurion.Sandbox.Stripe.Control;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Stripe keeps the first answer of an idempotency key for a day, its own faults included: nobody is locked out by one.</summary>
public sealed class KeptAnswerTests(TopUpApp app) : IClassFixture<TopUpApp>
{
    private const string Customers = "POST /v1/customers";
    private const string Pages = "POST /v1/checkout/sessions";
    private const string Payments = "POST /v1/payment_intents";

    [Theory]
    [InlineData(Customers, CallFaultKind.Error)]
    [InlineData(Customers, CallFaultKind.ErrorAfterEffect)]
    [InlineData(Pages, CallFaultKind.Error)]
    [InlineData(Pages, CallFaultKind.ErrorAfterEffect)]
    public async Task A_kept_500_does_not_keep_a_buyer_out(string call, CallFaultKind kind)
    {
        var user = await app.GivenUserAsync();
        using (app.Stripe.Faults.OnCall(call, kind))
            Assert.NotNull(await app.PayAsync(await app.OpenCheckoutAsync(user, "starter")));
        await app.SettleAsync();

        Assert.Equal("starter", (await app.AccountAsync(user)).Plan);
        await ExpectOneOfEachAsync(user, packs: false);
        var pages = (await app.AtStripeAsync(HttpMethod.Get, $"checkout/sessions?customer={await app.CustomerAsync(user)}")).GetProperty("data");
        Assert.Equal(1, pages.GetArrayLength());
    }

    [Theory]
    [InlineData(CallFaultKind.Error)]
    [InlineData(CallFaultKind.ErrorAfterEffect)]
    public async Task A_kept_500_does_not_keep_a_buyer_of_a_pack_out(CallFaultKind kind)
    {
        var user = await app.GivenUserAsync(credits: 0);
        using (app.Stripe.Faults.OnCall(Pages, kind))
            Assert.NotNull(await app.PayAsync(await app.OpenPackAsync(user)));
        await app.SettleAsync();

        Assert.Equal(1000, (await app.PacksAsync(user)).Left);
        await ExpectOneOfEachAsync(user, packs: true);
    }

    [Fact]
    public async Task However_many_500s_Stripe_has_kept_the_press_after_them_opens_the_page()
    {
        var user = await app.GivenUserAsync();
        using (app.Stripe.Faults.OnCall(Pages, CallFaultKind.Error, times: 7))
        {
            while (app.Stripe.Faults.Planned.Any(fault => fault.Struck < 7))
                await app.SignedInAs(user).PostFormAsync("/billing/checkout", new { plan = "starter", interval = "month" }, from: "/billing/checkout?plan=starter");
        }

        Assert.NotNull(await app.PayAsync(await app.OpenCheckoutAsync(user, "starter")));
    }

    [Theory]
    [InlineData(CallFaultKind.Error)]
    [InlineData(CallFaultKind.ErrorAfterEffect)]
    public async Task A_kept_500_neither_stops_a_top_up_nor_charges_it_twice(CallFaultKind kind)
    {
        var user = await app.GivenAllowedAsync(50);
        using (app.Stripe.Faults.OnCall(Payments, kind))
        {
            await app.BeginAsync(user);
            await app.RunAsync();
        }
        await app.RunAsync();
        await app.SettleAsync();

        Assert.Equal((1, 350), (await app.ChargesAsync(user), await app.AvailableAsync(user)));
    }

    [Fact]
    public async Task A_name_that_changed_between_two_tries_does_not_keep_a_buyer_out()
    {
        var user = await app.GivenUserAsync();
        using (app.Stripe.Faults.OnCall(Customers, CallFaultKind.AnswerLost, times: 2))
            await app.SignedInAs(user).PostFormAsync("/billing/checkout", new { plan = "starter", interval = "month" }, from: "/billing/checkout?plan=starter");
        await app.ExecuteAsync("UPDATE profiles SET full_name = 'Another Name' WHERE id = @Id", new { user.Id });

        Assert.NotNull(await app.PayAsync(await app.OpenCheckoutAsync(user, "starter")));
        await app.SettleAsync();

        Assert.Equal("starter", (await app.AccountAsync(user)).Plan);
        await ExpectOneOfEachAsync(user, packs: false);
    }

    [Fact]
    public async Task An_endpoint_that_was_deleted_at_Stripe_is_really_made_again()
    {
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        Assert.NotNull((await app.Service<StripeSetup>().RunAsync(none, CancellationToken.None)).WebhookSecret);
        Assert.Null((await app.Service<StripeSetup>().RunAsync(none, CancellationToken.None)).WebhookSecret);
        await app.AtStripeAsync(HttpMethod.Delete, $"webhook_endpoints/{(await EndpointsAsync()).Single()}");

        Assert.NotNull((await app.Service<StripeSetup>().RunAsync(none, CancellationToken.None)).WebhookSecret);

        Assert.Single(await EndpointsAsync());
    }

    private async Task<IReadOnlyList<string>> EndpointsAsync() =>
    [
        .. (await app.AtStripeAsync(HttpMethod.Get, "webhook_endpoints?limit=100")).GetProperty("data").EnumerateArray()
            .Where(endpoint => endpoint.GetProperty("description").GetString() == "AURION").Select(endpoint => endpoint.GetProperty("id").GetString()!),
    ];

    /// <summary>One customer with one successful payment, whatever was tried.</summary>
    private async Task ExpectOneOfEachAsync(TestUser user, bool packs)
    {
        var customers = (await app.AtStripeAsync(HttpMethod.Get, $"customers?email={Uri.EscapeDataString(user.Email)}")).GetProperty("data");
        Assert.Equal(1, customers.GetArrayLength());
        var charges = (await app.AtStripeAsync(HttpMethod.Get, $"charges?customer={customers[0].GetProperty("id").GetString()}")).GetProperty("data");
        Assert.Equal((1, packs), (charges.GetArrayLength(), (await app.PacksAsync(user)).Grants == 1));
    }
}
