using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Tests.Stripe;

public sealed class RefundAndDisputeTests(StripeShop sandbox) : IClassFixture<StripeShop>
{
    private async Task<JsonObject> GivenChargeAsync(string card = "pm_card_visa")
    {
        var customer = await sandbox.GivenCustomerAsync(card);
        await sandbox.GivenSubscriptionAsync(customer, await sandbox.GivenPriceAsync(900));
        return (await sandbox.ReadAsync($"charges?customer={customer.Id()}")).Data()[0];
    }

    [Fact]
    public async Task Partial_refunds_add_up_and_never_beyond_the_charge()
    {
        var charge = await GivenChargeAsync();

        await sandbox.MakeAsync("refunds", new { charge = charge.Id(), amount = 300 });
        var tooMuch = await sandbox.PostAsync("refunds", new { charge = charge.Id(), amount = 601 });
        var rest = await sandbox.MakeAsync("refunds", new { payment_intent = charge.Text("payment_intent") });
        var nothingLeft = await sandbox.PostAsync("refunds", new { charge = charge.Id() });

        Assert.Equal("amount_too_large", tooMuch.Error.Text("code"));
        Assert.Equal(600, rest.Number("amount"));
        Assert.Equal("charge_already_refunded", nothingLeft.Error.Text("code"));
        var refunded = await sandbox.ReadAsync($"charges/{charge.Id()}?expand[]=refunds");
        Assert.True(refunded["refunded"]!.GetValue<bool>());
        Assert.Equal([600, 300], refunded.Data("refunds.data").Select(r => r.Number("amount")).OrderDescending());
    }

    [Fact]
    public async Task Forty_simultaneous_refunds_of_50_cents_give_back_18_times_50()
    {
        var charge = await GivenChargeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => sandbox.PostAsync("refunds", new { charge = charge.Id(), amount = 50 })));

        Assert.Equal(18, answers.Count(a => a.Status == 200));
        Assert.Equal(900, (await sandbox.ReadAsync("charges/" + charge.Id())).Number("amount_refunded"));
    }

    [Theory]
    [InlineData("winning_evidence", "won", 0)]
    [InlineData("losing_evidence", "lost", -900)]
    public async Task A_dispute_takes_the_money_and_gives_it_back_only_when_won(string evidence, string status, long kept)
    {
        var charge = await GivenChargeAsync("pm_card_createDispute");
        var dispute = (await sandbox.ReadAsync($"disputes?charge={charge.Id()}")).Data()[0];

        var decided = await sandbox.MakeAsync("disputes/" + dispute.Id(), StripeShop.Form(("evidence[uncategorized_text]", evidence), ("submit", true)));

        Assert.Equal("needs_response", dispute.Text("status"));
        Assert.Equal(status, decided.Text("status"));
        Assert.Equal(kept, decided.Data("balance_transactions").Sum(t => t.Number("amount")));
        Assert.Equal(1500, decided.Data("balance_transactions").Sum(t => t.Number("fee")));
        var events = (await sandbox.ReadAsync("events?type=charge.dispute.*&limit=100")).Data().Where(e => e.Text("data.object.id") == dispute.Id()).Select(e => e.Text("type")).Reverse();
        Assert.Equal(
            ["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.updated", "charge.dispute.closed", .. status == "won" ? new[] { "charge.dispute.funds_reinstated" } : []], events);
    }

    [Fact]
    public async Task A_disputed_charge_cannot_be_refunded_until_the_dispute_is_won()
    {
        var charge = await GivenChargeAsync("pm_card_createDispute");
        var dispute = (await sandbox.ReadAsync($"disputes?charge={charge.Id()}")).Data()[0];

        var refused = await sandbox.PostAsync("refunds", new { charge = charge.Id() });
        await sandbox.MakeAsync("disputes/" + dispute.Id(), StripeShop.Form(("evidence[uncategorized_text]", "winning_evidence")));
        var refunded = await sandbox.PostAsync("refunds", new { charge = charge.Id() });

        Assert.Equal("charge_disputed", refused.Error.Text("code"));
        Assert.Equal(200, refunded.Status);
    }
}
