using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Control;

namespace Aurion.Sandbox.Tests.Stripe;

public sealed class CallFaultTests : IAsyncLifetime
{
    private const string NewCustomer = "POST /v1/customers";
    private readonly StripeShop sandbox = new();
    private static readonly HttpClient Http = new();

    public Task InitializeAsync() => sandbox.InitializeAsync();

    public Task DisposeAsync() => sandbox.DisposeAsync();

    private Task<StripeAnswer> CreateAsync(string key, string email = "ann@test.example") => sandbox.PostAsync("customers", new { email }, key);

    private async Task<int> CustomersAsync() => (await sandbox.ReadAsync("customers?limit=100")).Data().Count;

    [Theory]
    [InlineData(CallFaultKind.Error, 0)]
    [InlineData(CallFaultKind.ErrorAfterEffect, 1)]
    public async Task A_500_is_kept_under_its_key_for_24_hours(CallFaultKind kind, int customers)
    {
        sandbox.Clock.StopAt(sandbox.Clock.GetUtcNow());
        using var fault = sandbox.Stripe.Faults.OnCall(NewCustomer, kind);

        var first = await CreateAsync("kept");
        var again = await CreateAsync("kept");
        sandbox.Clock.Advance(TimeSpan.FromHours(24));
        var onTheHour = await CreateAsync("kept");
        sandbox.Clock.Advance(TimeSpan.FromSeconds(2));
        var nextDay = await CreateAsync("kept");

        Assert.Equal((500, 500, 500, 200), (first.Status, again.Status, onTheHour.Status, nextDay.Status));
        Assert.Equal("api_error", first.Error.Text("type"));
        Assert.DoesNotContain("Idempotent-Replayed", first.Headers);
        Assert.Contains("Idempotent-Replayed: true", again.Headers);
        Assert.Equal(1, fault.Struck);
        Assert.Equal(customers + 1, await CustomersAsync());
    }

    [Fact]
    public async Task A_kept_500_survives_a_restart_and_another_key_gets_through()
    {
        sandbox.Stripe.Faults.OnCall(NewCustomer, CallFaultKind.Error);
        await CreateAsync("kept");
        await sandbox.RestartAsync();

        Assert.Equal(500, (await CreateAsync("kept")).Status);
        Assert.Equal(200, (await CreateAsync("other")).Status);
    }

    [Theory]
    [InlineData(CallFaultKind.Unavailable, 503)]
    [InlineData(CallFaultKind.Unauthorized, 401)]
    [InlineData(CallFaultKind.Forbidden, 403)]
    [InlineData(CallFaultKind.RateLimited, 429)]
    public async Task What_is_refused_before_it_began_is_not_kept(CallFaultKind kind, int status)
    {
        using var fault = sandbox.Stripe.Faults.OnCall(NewCustomer, kind);

        var refused = await CreateAsync("again");

        Assert.Equal(status, refused.Status);
        Assert.Equal(0, await CustomersAsync());
        Assert.Equal(200, (await CreateAsync("again")).Status);
    }

    [Fact]
    public async Task The_nth_matching_call_fails_and_as_many_after_it_as_were_asked_for()
    {
        using var fault = sandbox.Stripe.Faults.OnCall("POST /v1/cust*", CallFaultKind.Unavailable, nth: 2, times: 2);

        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
            statuses.Add((await CreateAsync("call-" + i)).Status);
        await sandbox.ReadAsync("customers");

        Assert.Equal([200, 503, 503, 200], statuses);
        Assert.Equal((4, 2), (fault.Seen, fault.Struck));
    }

    [Fact]
    public async Task An_answer_is_lost_after_the_call_took_effect_and_its_key_finds_it()
    {
        using var fault = sandbox.Stripe.Faults.OnCall(NewCustomer, CallFaultKind.AnswerLost);

        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync("lost"));
        var again = await CreateAsync("lost");

        Assert.Equal(200, again.Status);
        Assert.Contains("Idempotent-Replayed: true", again.Headers);
        Assert.Equal(1, await CustomersAsync());
    }

    [Theory]
    [InlineData(CallFaultKind.TimeOut, 0)]
    [InlineData(CallFaultKind.TimeOutAfterEffect, 1)]
    public async Task No_answer_comes_until_the_fault_is_ended(CallFaultKind kind, int customers)
    {
        var fault = sandbox.Stripe.Faults.OnCall(NewCustomer, kind);

        var call = CreateAsync("silent");
        await fault.FirstStruck;
        await Task.Delay(50);
        var answered = call.IsCompleted;
        var created = await CustomersAsync();
        fault.Dispose();

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Equal((false, customers), (answered, created));
    }

    [Fact]
    public async Task A_request_that_failed_on_what_it_found_gets_the_same_answer_again_and_invalid_parameters_do_not()
    {
        var missing = await sandbox.PostAsync("subscriptions", StripeShop.Form(("customer", "cus_nobody"), ("items[0][price]", "price_none")), "state");
        var again = await sandbox.PostAsync("subscriptions", StripeShop.Form(("customer", "cus_nobody"), ("items[0][price]", "price_none")), "state");
        var misspelt = await sandbox.PostAsync("customers", new { emial = "a@test.example" }, "misspelt");

        Assert.Equal("resource_missing", missing.Error.Text("code"));
        Assert.Contains("Idempotent-Replayed: true", again.Headers);
        Assert.Equal(400, misspelt.Status);
        Assert.Equal(200, (await CreateAsync("misspelt")).Status);
    }

    [Fact]
    public async Task A_key_belongs_to_one_endpoint_of_the_account()
    {
        await CreateAsync("endpoint");

        var other = await sandbox.PostAsync("products", new { name = "Plan" }, "endpoint");

        Assert.Equal((400, "idempotency_error"), (other.Status, other.Error.Text("type")));
        Assert.Contains("('/v1/products' vs '/v1/customers')", other.Error.Text("message"));
    }

    [Fact]
    public async Task People_plan_failures_on_the_control_page_and_end_them_there()
    {
        await sandbox.PostPageAsync("/control/fail-call", new { call = "POST /v1/customers", kind = "error", nth = "", times = 1 });
        var failed = await CreateAsync("by-hand");
        var page = (await sandbox.GetPageAsync("/control")).Html;
        var refused = await Http.PostAsJsonAsync($"{sandbox.Stripe.Address}/control/fail-call", new { call = "POST /v1/customers", kind = "sulk" });
        var state = await (await Http.PostAsJsonAsync($"{sandbox.Stripe.Address}/control/clear-calls", new { })).Content.ReadFromJsonAsync<JsonObject>();

        Assert.Equal(500, failed.Status);
        Assert.Contains("500 kept under its key, nothing happened", page);
        Assert.Contains("End these failures", page);
        Assert.Contains("time_out_after_effect", await refused.Content.ReadAsStringAsync());
        Assert.Empty(state!["calls"]!.AsArray());
    }
}
