namespace Aurion.Sandbox.Tests.Stripe;

public sealed class WebhookTests : IAsyncLifetime
{
    private readonly StripeShop sandbox = new();

    public Task InitializeAsync() => sandbox.InitializeAsync();

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task A_first_purchase_tells_its_story_in_stripes_order()
    {
        var session = await sandbox.OpenCheckoutAsync(await sandbox.GivenPriceAsync(900));
        await sandbox.PayAsync(session);

        await sandbox.Stripe.DeliverAsync();

        Assert.Equal(
        [
            "product.created", "price.created",
            "customer.created", "payment_method.attached", "customer.subscription.created", "invoice.created", "invoice.finalized", "payment_intent.created",
            "charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.updated", "invoice.paid", "invoice.payment_succeeded",
            "customer.subscription.updated", "checkout.session.completed",
        ], sandbox.Hooks.Types);
        Assert.Equal(0, sandbox.Hooks.BadSignatures);
        var updated = sandbox.Hooks.Received.Single(e => e.Text("type") == "customer.subscription.updated");
        Assert.Equal("""{"status":"incomplete"}""", updated.At("data.previous_attributes")!.ToJsonString());
    }

    [Fact]
    public async Task An_endpoint_that_fails_is_tried_again_later_until_it_takes_the_event()
    {
        var failures = 2;
        sandbox.Hooks.Answer = _ => failures-- > 0 ? 500 : 200;
        await sandbox.MakeAsync("customers", new { email = "a@test.example" });

        await sandbox.Stripe.DeliverAsync();
        Assert.Empty(sandbox.Hooks.Received);
        sandbox.Clock.Advance(TimeSpan.FromSeconds(1));
        await sandbox.Stripe.DeliverAsync();
        Assert.Empty(sandbox.Hooks.Received);
        sandbox.Clock.Advance(TimeSpan.FromSeconds(3));
        await sandbox.Stripe.DeliverAsync();

        Assert.Equal(["customer.created"], sandbox.Hooks.Types);
    }

    [Fact]
    public async Task An_event_counts_the_endpoints_that_have_not_taken_it_yet()
    {
        var failures = 1;
        sandbox.Hooks.Answer = _ => failures-- > 0 ? 500 : 200;
        await sandbox.MakeAsync("customers", new { email = "a@test.example" });
        async Task<int> PendingAsync() => (int)(await sandbox.ReadAsync("events")).At("data.0.pending_webhooks")!;

        await sandbox.Stripe.DeliverAsync();
        Assert.Equal(1, await PendingAsync());
        sandbox.Clock.Advance(TimeSpan.FromSeconds(1));
        await sandbox.Stripe.DeliverAsync();

        Assert.Equal(0, await PendingAsync());
    }

    [Fact]
    public async Task A_restart_loses_neither_objects_nor_deliveries()
    {
        var customer = await sandbox.MakeAsync("customers", new { email = "kept@test.example" });

        await sandbox.RestartAsync();
        await sandbox.Stripe.DeliverAsync();

        Assert.Equal("kept@test.example", (await sandbox.ReadAsync("customers/" + customer.Id())).Text("email"));
        Assert.Equal([customer.Id()], sandbox.Hooks.Received.Select(e => e.Text("data.object.id")));
    }

    [Fact]
    public async Task A_refused_call_tells_nobody()
    {
        await sandbox.PostAsync("customers", StripeShop.Form(("email", "a@test.example"), ("nonsense", "1")));

        await sandbox.Stripe.DeliverAsync();

        Assert.Empty(sandbox.Hooks.Received);
        Assert.Empty((await sandbox.ReadAsync("events")).Data());
    }

    [Fact]
    public async Task Lost_deliveries_never_arrive_but_their_events_can_be_listed()
    {
        sandbox.Stripe.Faults.LosePercent = 100;
        await sandbox.MakeAsync("customers", new { email = "a@test.example" });

        await sandbox.Stripe.DeliverAsync();
        sandbox.Stripe.Faults.LosePercent = 0;
        await sandbox.AdvanceAsync(TimeSpan.FromDays(4));

        Assert.Empty(sandbox.Hooks.Received);
        Assert.Equal(["customer.created"], (await sandbox.ReadAsync("events?delivery_success=false")).Data().Select(e => e.Text("type")));
    }

    [Fact]
    public async Task Duplicates_come_twice_with_one_event_id()
    {
        sandbox.Stripe.Faults.DuplicatePercent = 100;
        await sandbox.MakeAsync("customers", new { email = "a@test.example" });

        await sandbox.Stripe.DeliverAsync();

        Assert.Equal(2, sandbox.Hooks.Received.Count);
        Assert.Single(sandbox.Hooks.Received.Select(e => e.Id()).Distinct());
    }

    [Fact]
    public async Task A_wrong_signature_is_tried_again_with_the_right_one()
    {
        sandbox.Stripe.Faults.MisSignPercent = 100;
        await sandbox.MakeAsync("customers", new { email = "a@test.example" });
        await sandbox.Stripe.DeliverAsync();
        Assert.Equal((1, 0), (sandbox.Hooks.BadSignatures, sandbox.Hooks.Received.Count));

        sandbox.Stripe.Faults.MisSignPercent = 0;
        sandbox.Clock.Advance(TimeSpan.FromSeconds(1));
        await sandbox.Stripe.DeliverAsync();

        Assert.Single(sandbox.Hooks.Received);
    }

    [Fact]
    public async Task A_delay_is_of_the_shared_clock()
    {
        sandbox.Stripe.Faults.DelaySeconds = 3600;
        await sandbox.MakeAsync("customers", new { email = "a@test.example" });

        await sandbox.Stripe.DeliverAsync();
        Assert.Empty(sandbox.Hooks.Received);
        sandbox.Clock.Advance(TimeSpan.FromHours(1));
        await sandbox.Stripe.DeliverAsync();

        Assert.Single(sandbox.Hooks.Received);
    }

    [Fact]
    public async Task What_is_held_back_comes_in_another_order_and_whole()
    {
        sandbox.Stripe.Faults.Hold = true;
        for (var i = 0; i < 40; i++)
            await sandbox.MakeAsync("customers", new { name = $"n{i}" });
        await sandbox.Stripe.DeliverAsync();
        Assert.Empty(sandbox.Hooks.Received);

        sandbox.Stripe.Faults.Hold = false;
        sandbox.Stripe.Faults.Reorder = true;
        await sandbox.Stripe.DeliverAsync();

        var names = sandbox.Hooks.Received.Select(e => e.Text("data.object.name")).ToList();
        Assert.Equal(40, names.Distinct().Count());
        Assert.NotEqual(Enumerable.Range(0, 40).Select(i => $"n{i}"), names);
    }

    [Fact]
    public async Task While_stripe_is_down_calls_answer_503_and_nothing_is_written()
    {
        sandbox.Stripe.Faults.Unavailable = true;
        var down = await sandbox.PostAsync("customers", new { email = "a@test.example" });
        sandbox.Stripe.Faults.Unavailable = false;

        Assert.Equal((503, "api_error"), (down.Status, down.Error.Text("type")));
        Assert.Empty((await sandbox.ReadAsync("customers")).Data());

        sandbox.Stripe.Faults.Refusing = true;
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.GetAsync("customers"));
    }

    [Fact]
    public async Task A_second_endpoint_gets_only_what_it_asked_for_and_signs_with_its_own_secret()
    {
        var endpoint = await sandbox.MakeAsync("webhook_endpoints", StripeShop.Form(("url", "http://127.0.0.1:9/other"), ("enabled_events[0]", "invoice.paid")));

        await sandbox.MakeAsync("customers", new { email = "a@test.example" });
        await sandbox.Stripe.DeliverAsync();

        Assert.StartsWith("whsec_", endpoint.Text("secret"));
        Assert.Equal("", (await sandbox.ReadAsync("webhook_endpoints/" + endpoint.Id())).Text("secret"));
        Assert.Single(sandbox.Hooks.Received);
        Assert.Single((await sandbox.ReadAsync("events?delivery_success=true&types[]=customer.created")).Data());
    }

    [Fact]
    public async Task A_disabled_or_deleted_endpoint_gets_nothing_more_and_nothing_waits_for_it()
    {
        var own = (await sandbox.ReadAsync("webhook_endpoints")).Data()[0].Id();
        var other = await sandbox.MakeAsync("webhook_endpoints", StripeShop.Form(("url", "http://127.0.0.1:9/other"), ("enabled_events[0]", "*")));
        await sandbox.MakeAsync("customers", new { email = "a@test.example" });

        await sandbox.DeleteAsync("webhook_endpoints/" + other.Id());
        await sandbox.MakeAsync("webhook_endpoints/" + own, new { disabled = true });
        await sandbox.Stripe.DeliverAsync();

        Assert.Empty(sandbox.Hooks.Received);
        Assert.Equal(404, (await sandbox.GetAsync("webhook_endpoints/" + other.Id())).Status);
        using var http = new HttpClient();
        Assert.Equal(0, System.Text.Json.Nodes.JsonNode.Parse(await http.GetStringAsync(sandbox.Stripe.Address + "/control/state")).Number("pending_deliveries"));
    }
}
