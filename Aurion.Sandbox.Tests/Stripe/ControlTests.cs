using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Tests.Stripe;

public sealed class ControlTests : IAsyncLifetime
{
    private readonly StripeShop sandbox = new();
    private static readonly HttpClient Http = new();

    public Task InitializeAsync() => sandbox.InitializeAsync();

    public Task DisposeAsync() => sandbox.DisposeAsync();

    private async Task<JsonNode> ControlAsync(string verb, object input)
    {
        var response = await Http.PostAsJsonAsync($"{sandbox.Stripe.Address}/control/{verb}", input);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    [Fact]
    public async Task Advancing_time_moves_the_shared_clock_and_renews_on_the_way()
    {
        var subscription = await sandbox.GivenSubscriptionAsync(await sandbox.GivenCustomerAsync(), await sandbox.GivenPriceAsync(900));
        var before = sandbox.Clock.GetUtcNow();

        await ControlAsync("advance", new { days = 31, hours = 2 });

        // Stripe counts whole seconds: the jump may fall short by the part of one.
        Assert.InRange(sandbox.Clock.GetUtcNow() - before, TimeSpan.FromHours(746) - TimeSpan.FromSeconds(1), TimeSpan.FromHours(746.1));
        Assert.Equal(2, (await sandbox.ReadAsync($"invoices?subscription={subscription.Id()}&status=paid")).Data().Count);
        Assert.Contains("only moves forward", (await ControlAsync("advance", new { days = 0 })).Text("error"));
    }

    [Fact]
    public async Task Faults_are_set_by_call_or_by_form_and_shown_on_the_page()
    {
        var state = await ControlAsync("faults", new { lose = 10, reorder = true, delay = 60 });
        await sandbox.PostPageAsync("/control/faults", new { duplicate = 25, hold = "on" });

        Assert.Equal((10, 60, true), (state.Number("lose"), state.Number("delay"), state["reorder"]!.GetValue<bool>()));
        Assert.Equal((0, 25, true), (sandbox.Stripe.Faults.LosePercent, sandbox.Stripe.Faults.DuplicatePercent, sandbox.Stripe.Faults.Hold));
        Assert.Contains("value=\"25\"", (await sandbox.GetPageAsync("/control")).Html);
    }

    [Theory]
    [InlineData("""{"lose":101}""", "percentage")]
    [InlineData("""{"mis_sign":-1}""", "at least 0")]
    [InlineData("""{"delay":99999999999,"hold":true}""", "too large")]
    [InlineData("""["hold"]""", "JSON object")]
    [InlineData("{", "JSON")]
    public async Task Controls_that_make_no_sense_are_refused_and_change_nothing(string input, string reason)
    {
        using var body = new StringContent(input, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync($"{sandbox.Stripe.Address}/control/faults", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, JsonNode.Parse(await answer.Content.ReadAsStringAsync()).Text("error"));
        Assert.Equal((0, 0, 0, false), (sandbox.Stripe.Faults.LosePercent, sandbox.Stripe.Faults.MisSignPercent, sandbox.Stripe.Faults.DelaySeconds, sandbox.Stripe.Faults.Hold));
    }

    [Fact]
    public async Task An_event_is_sent_again_to_those_who_get_its_type()
    {
        await sandbox.MakeAsync("webhook_endpoints", StripeShop.Form(("url", "http://127.0.0.1:9/other"), ("enabled_events[0]", "invoice.paid")));
        await sandbox.MakeAsync("customers", new { email = "a@test.example" });
        await sandbox.Stripe.DeliverAsync();

        var state = await ControlAsync("resend", new { @event = sandbox.Hooks.Received[0].Id() });
        await sandbox.Stripe.DeliverAsync();

        Assert.Equal(1, state.Number("pending_deliveries"));
        Assert.Equal(["customer.created", "customer.created"], sandbox.Hooks.Types);
        Assert.Contains("No such event", (await ControlAsync("resend", new { @event = "evt_none" })).Text("error"));
    }

    [Fact]
    public async Task A_charge_is_refunded_or_disputed_from_the_control_page()
    {
        var customer = await sandbox.GivenCustomerAsync();
        await sandbox.GivenSubscriptionAsync(customer, await sandbox.GivenPriceAsync(900));
        var charge = (await sandbox.ReadAsync($"charges?customer={customer.Id()}")).Data()[0].Id();

        await sandbox.PostPageAsync("/control/refund", new { charge, amount = 400 });
        await sandbox.PostPageAsync("/control/dispute", new { charge });
        await sandbox.PostPageAsync("/control/close-dispute", new { charge, outcome = "lost" });

        Assert.Equal(400, (await sandbox.ReadAsync("charges/" + charge)).Number("amount_refunded"));
        var dispute = (await sandbox.ReadAsync("disputes?charge=" + charge)).Data()[0];
        Assert.Equal(("lost", 500), (dispute.Text("status"), dispute.Number("amount")));
    }

    [Fact]
    public async Task The_home_page_lists_customers_subscriptions_and_where_events_stand()
    {
        var subscription = await sandbox.GivenSubscriptionAsync(await sandbox.GivenCustomerAsync(), await sandbox.GivenPriceAsync(900));
        await sandbox.Stripe.DeliverAsync();

        var page = (await sandbox.GetPageAsync("/")).Html;

        Assert.Contains(subscription.Id(), page);
        Assert.Contains("ann@test.example", page);
        Assert.Contains("invoice.payment_succeeded", page);
        Assert.Contains("delivered", page);
        Assert.Contains("active", (await sandbox.GetPageAsync("/objects/" + subscription.Id())).Html);
    }
}
