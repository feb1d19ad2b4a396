using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Payments that look like a pack and are not: nothing is given, and an operator sees why.</summary>
public sealed class PackHostilityTests(PackApp app) : IClassFixture<PackApp>
{
    [Fact]
    public async Task A_session_that_names_another_account_is_parked()
    {
        var (payer, named) = (await BuyerWithCustomerAsync(), await app.GivenUserAsync(credits: 0));

        var session = await app.PayForeignAsync(await app.CustomerAsync(payer),
            ("client_reference_id", named.Id.ToString()), ("line_items[0][price]", await app.PriceAsync("large")), ("line_items[0][quantity]", "1"));

        await ExpectParkedAsync(session, "FOREIGN_SESSION", payer, named);
    }

    [Fact]
    public async Task An_unknown_price_is_parked_and_never_a_default()
    {
        var payer = await BuyerWithCustomerAsync();

        var session = await app.PayForeignAsync(await app.CustomerAsync(payer), ("metadata[aurion_pack]", "large"),
            ("line_items[0][price_data][currency]", "usd"), ("line_items[0][price_data][unit_amount]", "5000"),
            ("line_items[0][price_data][product]", "aurion_pack_large"), ("line_items[0][quantity]", "1"));

        await ExpectParkedAsync(session, "UNKNOWN_PRICE", payer);
    }

    [Theory]
    [InlineData("2", "small", "UNEXPECTED_LINE")]
    [InlineData("5", "large", "UNEXPECTED_LINE")]
    public async Task Another_quantity_is_parked(string quantity, string pack, string outcome)
    {
        var payer = await BuyerWithCustomerAsync();

        var session = await app.PayForeignAsync(await app.CustomerAsync(payer), ("line_items[0][price]", await app.PriceAsync(pack)), ("line_items[0][quantity]", quantity));

        await ExpectParkedAsync(session, outcome, payer);
    }

    [Fact]
    public async Task Two_lines_are_parked()
    {
        var payer = await BuyerWithCustomerAsync();

        var session = await app.PayForeignAsync(await app.CustomerAsync(payer),
            ("line_items[0][price]", await app.PriceAsync("small")), ("line_items[0][quantity]", "1"),
            ("line_items[1][price]", await app.PriceAsync("large")), ("line_items[1][quantity]", "1"));

        await ExpectParkedAsync(session, "UNEXPECTED_LINE", payer);
    }

    public static TheoryData<string, string> Alterations => new()
    {
        { "currency", "UNEXPECTED_LINE" },
        { "free without a coupon", "UNEXPECTED_AMOUNT" },
        { "nothing to pay, says the status alone", "UNEXPECTED_AMOUNT" },
        { "a coupon that takes off less than is missing", "UNEXPECTED_AMOUNT" },
        { "another price for the same thing", "UNEXPECTED_AMOUNT" },
        { "a plan's price", "UNKNOWN_PRICE" },
        { "no line", "UNEXPECTED_LINE" },
    };

    [Theory]
    [MemberData(nameof(Alterations))]
    public async Task What_does_not_add_up_writes_nothing(string alteration, string outcome)
    {
        var user = await app.GivenUserAsync(credits: 0);
        await app.PayAsync(await app.OpenPackAsync(user));
        var plan = await app.ScalarAsync<string>("SELECT price_id FROM stripe_prices WHERE plan_type IS NOT NULL LIMIT 1");

        var result = await app.ApplyAsync(user, purchase => alteration switch
        {
            "currency" => purchase with { Currency = "eur" },
            "free without a coupon" => purchase with { Total = 0, AmountPaid = 0, PaymentStatus = "no_payment_required", Discount = 1200 },
            "nothing to pay, says the status alone" => purchase with { PaymentStatus = "no_payment_required", AmountPaid = 0 },
            "a coupon that takes off less than is missing" => purchase with { Total = 0, Discount = 600, HasCoupon = true, AmountPaid = 0 },
            "another price for the same thing" => purchase with { Subtotal = 1, Total = 1, AmountPaid = 1 },
            "a plan's price" => purchase with { Price = plan },
            _ => purchase with { Lines = 0, Price = null, Quantity = 0 },
        });

        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(0, (await app.PacksAsync(user)).Grants);
        Assert.Equal("open", await app.ScalarAsync<string>("SELECT status FROM purchases WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task A_customer_of_nobody_waits_and_gives_nothing()
    {
        var customer = (await app.AtStripeAsync(HttpMethod.Post, "customers", ("email", "stranger@elsewhere.example"))).GetProperty("id").GetString()!;

        var session = await app.PayForeignAsync(customer, ("line_items[0][price]", await app.PriceAsync("small")), ("line_items[0][quantity]", "1"));

        var (state, reason) = await app.EventAsync(session);
        Assert.Equal("received", state);
        Assert.Contains("belongs to no account", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_an_earlier_price_still_gives_what_was_paid_for()
    {
        var payer = await BuyerWithCustomerAsync();
        var page = await app.OpenPackAsync(payer, "large");
        var earlier = await app.PriceAsync("large");
        await app.ExecuteAsync("UPDATE stripe_prices SET active = false WHERE price_id = @earlier; INSERT INTO stripe_prices (price_id, product_id, pack_id, currency, unit_amount, created_at) VALUES ('price_later', 'p', 'large', 'usd', 6000, now())", new { earlier });

        await app.PayAsync(page);
        await app.SettleAsync();

        Assert.Equal(5000, (await app.PacksAsync(payer)).Left);
        await app.ExecuteAsync("DELETE FROM stripe_prices WHERE price_id = 'price_later'; UPDATE stripe_prices SET active = true WHERE price_id = @earlier", new { earlier });
    }

    private async Task<TestUser> BuyerWithCustomerAsync()
    {
        var user = await app.GivenUserAsync(credits: 0);
        await app.OpenPackAsync(user, "small");
        return user;
    }

    private async Task ExpectParkedAsync(string session, string outcome, params TestUser[] users)
    {
        var (state, reason) = await app.EventAsync(session);
        Assert.Equal("failed", state);
        Assert.StartsWith(outcome, reason, StringComparison.Ordinal);
        foreach (var user in users)
            Assert.Equal(0, (await app.PacksAsync(user)).Grants);
    }
}
