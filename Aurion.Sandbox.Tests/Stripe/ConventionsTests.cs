namespace Aurion.Sandbox.Tests.Stripe;

public sealed class ConventionsTests(StripeShop sandbox) : IClassFixture<StripeShop>
{
    [Theory]
    [InlineData("sk_test_somebody_elses_key")]
    [InlineData("")]
    public async Task A_wrong_or_missing_key_is_401(string key)
    {
        var answer = await sandbox.GetAsync("customers", key);

        Assert.Equal(401, answer.Status);
        Assert.Equal("invalid_request_error", answer.Error.Text("type"));
        Assert.DoesNotContain("somebody_elses", answer.Error.Text("message"));
    }

    [Theory]
    [InlineData("2026-10-28.endive", 200)]
    [InlineData("2025-03-31.basil", 400)]
    [InlineData("2026-10-28.preview", 400)]
    public async Task One_version_is_spoken_and_every_other_is_refused_by_name(string version, int status)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{sandbox.Stripe.Address}/v1/customers");
        request.Headers.Authorization = new("Bearer", StripeShop.Key);
        request.Headers.Add("Stripe-Version", version);

        using var response = await http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("2026-10-28.endive", response.Headers.GetValues("Stripe-Version").Single());
        Assert.Equal(status == 400, (await response.Content.ReadAsStringAsync()).Contains($"'{version}'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_embedded_list_holds_its_first_ten_elements_and_the_rest_is_at_its_own_address()
    {
        var customer = await sandbox.MakeAsync("customers", StripeShop.Form(("email", "many@test.example")));
        for (var i = 0; i < 12; i++)
            await sandbox.MakeAsync("invoiceitems", StripeShop.Form(("customer", customer.Id()), ("amount", 100 + i), ("currency", "usd")));

        var made = await sandbox.MakeAsync("invoices", StripeShop.Form(("customer", customer.Id()), ("pending_invoice_items_behavior", "include")));
        var listed = (await sandbox.ReadAsync($"invoices?customer={customer.Id()}")).Data().Single();
        var first = await sandbox.ReadAsync($"invoices/{made.Id()}/lines?limit=8");
        var rest = await sandbox.ReadAsync($"invoices/{made.Id()}/lines?limit=100&starting_after={first.Data()[^1].Id()}");

        foreach (var invoice in new[] { made, listed })
        {
            Assert.Equal(10, invoice["lines"]!["data"]!.AsArray().Count);
            Assert.True((bool)invoice["lines"]!["has_more"]!);
        }
        Assert.Equal((8, true, 4, false), (first.Data().Count, (bool)first["has_more"]!, rest.Data().Count, (bool)rest["has_more"]!));
        Assert.Equal(Enumerable.Range(100, 12), first.Data().Concat(rest.Data()).Select(line => (int)line["amount"]!).Order());
    }

    // https://docs.stripe.com/changelog/endive/2026-09-30/remove-payment-method-types-checkout-sessions
    [Fact]
    public async Task The_kinds_of_payment_are_no_longer_named_by_the_caller()
    {
        var page = await sandbox.PostAsync("checkout/sessions", StripeShop.Form(("mode", "setup"), ("currency", "usd"), ("success_url", "https://x.example"), ("payment_method_types[0]", "card")));
        var payment = await sandbox.PostAsync("payment_intents", StripeShop.Form(("amount", 500), ("currency", "usd"), ("payment_method_types[0]", "card")));

        Assert.Equal((400, "parameter_unknown"), (page.Status, page.Error.Text("code")));
        Assert.Equal((400, "payment_method_types_no_longer_supported"), (payment.Status, payment.Error.Text("code")));
    }

    [Fact]
    public async Task An_unknown_path_is_404_and_names_itself()
    {
        var answer = await sandbox.GetAsync("cucumbers");

        Assert.Equal(404, answer.Status);
        Assert.Contains("GET: /v1/cucumbers", answer.Error.Text("message"));
    }

    [Fact]
    public async Task An_unknown_id_is_resource_missing()
    {
        var answer = await sandbox.GetAsync("customers/cus_nobody");

        Assert.Equal(404, answer.Status);
        Assert.Equal("resource_missing", answer.Error.Text("code"));
        Assert.Equal("No such customer: 'cus_nobody'", answer.Error.Text("message"));
    }

    [Fact]
    public async Task A_misspelt_parameter_is_refused_by_name_and_leaves_nothing()
    {
        var before = (await sandbox.ReadAsync("customers?limit=100")).Data().Count;

        var answer = await sandbox.PostAsync("customers", StripeShop.Form(("email", "a@test.example"), ("metdata[user]", "1")));

        Assert.Equal(400, answer.Status);
        Assert.Equal("parameter_unknown", answer.Error.Text("code"));
        Assert.Equal("metdata", answer.Error.Text("param"));
        Assert.Equal(before, (await sandbox.ReadAsync("customers?limit=100")).Data().Count);
    }

    [Fact]
    public async Task A_missing_parameter_is_named_with_its_whole_path()
    {
        var answer = await sandbox.PostAsync("checkout/sessions", StripeShop.Form(("mode", "payment"), ("success_url", "https://x.example"), ("line_items[0][quantity]", 1)));

        Assert.Equal("parameter_missing", answer.Error.Text("code"));
        Assert.Equal("line_items[0][price]", answer.Error.Text("param"));
    }

    [Fact]
    public async Task Metadata_merges_and_an_empty_value_removes()
    {
        var customer = await sandbox.MakeAsync("customers", StripeShop.Form(("metadata[a]", "1"), ("metadata[b]", "2")));

        var changed = await sandbox.MakeAsync("customers/" + customer.Id(), StripeShop.Form(("metadata[b]", ""), ("metadata[c]", "3")));

        Assert.Equal("""{"a":"1","c":"3"}""", changed["metadata"]!.ToJsonString());
    }

    [Fact]
    public async Task A_list_pages_newest_first_in_both_directions()
    {
        var email = $"{Guid.CreateVersion7(sandbox.Clock.GetUtcNow())}@test.example";
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Insert(0, (await sandbox.MakeAsync("customers", new { email })).Id());

        var first = await sandbox.ReadAsync($"customers?email={email}&limit=2");
        var second = await sandbox.ReadAsync($"customers?email={email}&limit=2&starting_after={ids[1]}");
        var last = await sandbox.ReadAsync($"customers?email={email}&limit=2&starting_after={ids[3]}");
        var back = await sandbox.ReadAsync($"customers?email={email}&limit=2&ending_before={ids[4]}");

        Assert.Equal(ids[..2], first.Data().Select(c => c.Id()));
        Assert.True(first["has_more"]!.GetValue<bool>());
        Assert.Equal(ids[2..4], second.Data().Select(c => c.Id()));
        Assert.Equal(ids[4..], last.Data().Select(c => c.Id()));
        Assert.False(last["has_more"]!.GetValue<bool>());
        Assert.Equal(ids[2..4], back.Data().Select(c => c.Id()));
    }

    [Fact]
    public async Task Expand_puts_objects_in_the_place_of_their_ids_in_lists_too()
    {
        var customer = await sandbox.GivenCustomerAsync();
        var subscription = await sandbox.GivenSubscriptionAsync(customer, await sandbox.GivenPriceAsync(900));

        var one = await sandbox.ReadAsync($"subscriptions/{subscription.Id()}?expand[]=customer&expand[]=latest_invoice.payments.data.payment.payment_intent");
        var list = await sandbox.ReadAsync($"subscriptions?customer={customer.Id()}&expand[]=data.items.data.price.product");
        var nonsense = await sandbox.GetAsync($"subscriptions/{subscription.Id()}?expand[]=charge");

        Assert.Equal("ann@test.example", one.Text("customer.email"));
        Assert.Equal("succeeded", one.Text("latest_invoice.payments.data.0.payment.payment_intent.status"));
        Assert.Equal("Plan", list.Text("data.0.items.data.0.price.product.name"));
        Assert.Equal(400, nonsense.Status);
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_answer_and_other_parameters_are_refused()
    {
        var first = await sandbox.PostAsync("customers", new { email = "once@test.example" }, "key-1");
        var again = await sandbox.PostAsync("customers", new { email = "once@test.example" }, "key-1");
        var other = await sandbox.PostAsync("customers", new { email = "twice@test.example" }, "key-1");

        Assert.Equal(first.Body.Id(), again.Body.Id());
        Assert.Contains("Idempotent-Replayed: true", again.Headers);
        Assert.Equal(400, other.Status);
        Assert.Equal("idempotency_error", other.Error.Text("type"));
    }

    [Fact]
    public async Task Forty_simultaneous_calls_with_one_key_create_one_customer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => sandbox.PostAsync("customers", new { email = "forty@test.example" }, "key-40")));

        Assert.Single(answers.Select(a => a.Body.Id()).Distinct());
        Assert.Single((await sandbox.ReadAsync("customers?email=forty@test.example")).Data());
    }

    [Fact]
    public async Task A_lookup_key_belongs_to_one_price_and_can_be_transferred()
    {
        var product = (await sandbox.MakeAsync("products", new { name = "Starter" })).Id();
        var old = await sandbox.MakeAsync("prices", new { product, unit_amount = 900, currency = "usd", lookup_key = "starter_month" });

        var taken = await sandbox.PostAsync("prices", new { product, unit_amount = 1000, currency = "usd", lookup_key = "starter_month" });
        var moved = await sandbox.MakeAsync("prices", new { product, unit_amount = 1000, currency = "usd", lookup_key = "starter_month", transfer_lookup_key = true });

        Assert.Equal(400, taken.Status);
        Assert.Equal([moved.Id()], (await sandbox.ReadAsync("prices?lookup_keys[]=starter_month")).Data().Select(p => p.Id()));
        Assert.Null((await sandbox.ReadAsync("prices/" + old.Id()))["lookup_key"]);
    }
}
