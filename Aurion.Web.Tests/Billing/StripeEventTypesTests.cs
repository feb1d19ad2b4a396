using System.Reflection;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>One table: what `billing setup` subscribes to is what the queue applies.</summary>
public sealed class StripeEventTypesTests(StripeEventTypesTests.App app) : IClassFixture<StripeEventTypesTests.App>
{
    private static readonly Dictionary<string, string> NoProducts = new(StringComparer.Ordinal);

    [Fact]
    public void Each_is_one_of_Stripes_and_stands_there_once_with_its_reason()
    {
        var known = typeof(global::Stripe.EventTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!).ToHashSet(StringComparer.Ordinal);

        Assert.All(StripeEventTypes.All, e => Assert.Contains(e.Type, known));
        Assert.All(StripeEventTypes.All, e => Assert.NotEmpty(e.Why));
        Assert.Equal(StripeEventTypes.All.Count, StripeEventTypes.Names.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("refund.created")]
    [InlineData("refund.updated")]
    [InlineData("refund.failed")]
    [InlineData("charge.dispute.created")]
    [InlineData("charge.dispute.updated")]
    [InlineData("charge.dispute.closed")]
    public void Refunds_and_disputes_are_heard_of(string type) => Assert.Contains(type, StripeEventTypes.Names);

    [Fact]
    public async Task Setup_subscribes_to_exactly_the_table_also_where_somebody_has_changed_it()
    {
        await app.Service<StripeSetup>().RunAsync(NoProducts, CancellationToken.None);
        Assert.Equal(StripeEventTypes.Names.Order(StringComparer.Ordinal), await EnabledAsync());

        await app.AtStripeAsync(HttpMethod.Post, $"webhook_endpoints/{(await EndpointAsync()).GetProperty("id").GetString()}",
            ("enabled_events[0]", "invoice.paid"), ("enabled_events[1]", "customer.created"));
        await app.Service<StripeSetup>().RunAsync(NoProducts, CancellationToken.None);

        Assert.Equal(StripeEventTypes.Names.Order(StringComparer.Ordinal), await EnabledAsync());
    }

    [Fact]
    public async Task An_event_beside_the_table_is_ignored_with_its_name()
    {
        var user = await app.GivenSubscriberAsync("starter");
        Assert.Equal("starter", (await app.AccountAsync(user)).Plan);

        Assert.Equal(["ignored: invoice.created changes no account"], await app.QueryAsync<string>(
            "SELECT DISTINCT state || ': ' || reason FROM stripe_events WHERE type = 'invoice.created'"));
    }

    private async Task<IEnumerable<string>> EnabledAsync() =>
        (await EndpointAsync()).GetProperty("enabled_events").EnumerateArray().Select(type => type.GetString()!).Order(StringComparer.Ordinal);

    private async Task<System.Text.Json.JsonElement> EndpointAsync() => (await app.AtStripeAsync(HttpMethod.Get, "webhook_endpoints?limit=100")).GetProperty("data").EnumerateArray()
        .Single(endpoint => endpoint.GetProperty("description").GetString() == "AURION");

    public sealed class App : BillingApp
    {
        protected override bool StripeRunsByItself => false;
    }
}
