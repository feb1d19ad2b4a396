using Aurion.Data.Billing;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Billing;

public sealed class EventQueueTests(AurionApp app) : IClassFixture<AurionApp>
{
    private readonly DateTimeOffset now = app.Clock.GetUtcNow().AddYears(-1);

    [Fact]
    public async Task What_waits_for_one_customer_is_taken_together_and_by_one_worker()
    {
        var store = app.Services.GetRequiredService<StripeEventStore>();
        var events = Enumerable.Range(0, 90).Select(i => new StripeEvent(
            $"evt_queue_{i}", "customer.subscription.updated", null, false, null, "subscription", $"sub_queue_{i % 6}", $"cus_queue_{i % 3}", "{}", now)).ToList();
        Assert.All(await store.AddAsync(events, now), Assert.True);
        Assert.All(await store.AddAsync(events, now), Assert.False);

        var first = await store.ClaimAsync(1, now);
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.ClaimAsync(1, now)));

        Assert.Equal(30, first.Count);
        Assert.Single(first.Select(e => e.CustomerId).Distinct());
        Assert.Equal(90, others.SelectMany(claimed => claimed).Concat(first).Select(e => e.Id).Distinct().Count());
        Assert.Equal(90, others.Sum(claimed => claimed.Count) + first.Count);
    }
}
