using System.Text.Json;
using Aurion.Web.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Billing;

/// <summary>The shop in which one person's life is lived and recorded, moment by moment. Time stands still in between.</summary>
public class RecordingApp : BillingApp
{
    private string? lastEvent;

    protected override bool StripeRunsByItself => false;

    public Recording Recording { get; } = new();

    public TestUser Person { get; private set; } = null!;

    /// <summary>When credits were spent, and under which operation.</summary>
    public List<(DateTimeOffset At, string Operation)> Spends { get; } = [];

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddHttpClient(nameof(StripeGateway)).ConfigurePrimaryHttpMessageHandler(() => new RecordedStripe(Recording, _ => 0, null, null));
    }

    public async Task BeginAsync(DateTimeOffset born)
    {
        Clock.StopAt(born);
        Person = await GivenUserAsync();
        Recording.Person = Person.Id;
    }

    /// <summary>Lets everything happen that is due, and keeps what Stripe shows of it.</summary>
    public async Task TakeAsync()
    {
        await SettleAsync();
        await Service<RefillCreditsJob>().RunAsync(CancellationToken.None);
        var events = (await AtStripeAsync(HttpMethod.Get, $"events?limit=100{(lastEvent is null ? "" : $"&ending_before={lastEvent}")}")).GetProperty("data").EnumerateArray().ToList();
        lastEvent = events.Count == 0 ? lastEvent : events[0].GetProperty("id").GetString();
        events.Reverse();
        var heard = events.Where(e => StripeEventTypes.Names.Contains(e.GetProperty("type").GetString()!)).ToList();
        // Together they need fewer reads than alone, and a copy may hear of each alone.
        foreach (var e in heard)
        {
            var kind = StripeEventTypes.All.Single(known => known.Type == e.GetProperty("type").GetString()).ObjectKind;
            await Service<StripeReader>().ReadAsync(kind, e.GetProperty("data").GetProperty("object").GetProperty("id").GetString()!, CancellationToken.None);
        }
        foreach (var address in Recording.Addresses)
            Recording.Keep(address, (await AtStripeAsync(HttpMethod.Get, address["/v1/".Length..])).GetRawText());
        Recording.Add(Clock.GetUtcNow(), heard.Select(e => e.GetRawText()));
    }

    public Task ToAsync(DateTimeOffset time)
    {
        Clock.Advance(time - Clock.GetUtcNow());
        return TakeAsync();
    }

    /// <summary>A launch of the App Builder, for 50 credits.</summary>
    public async Task SpendAsync(int times = 1)
    {
        for (; times > 0; times--)
        {
            Spends.Add((Clock.GetUtcNow(), $"spend:{Spends.Count}"));
            Assert.Equal(["LAUNCHED"], await this.LaunchAsync([Person.Id], Spends[^1].Operation));
        }
    }

    public async Task<JsonElement> OfPersonAsync(string what) =>
        await AtStripeAsync(HttpMethod.Get, $"{what}?customer={await ScalarAsync<string>("SELECT customer_id FROM stripe_customers WHERE user_id = @Id", new { Person.Id })}&limit=1");

    /// <summary>The id of the newest object of a kind.</summary>
    public async Task<string> NewestAsync(string what) => (await OfPersonAsync(what)).GetProperty("data")[0].GetProperty("id").GetString()!;

    public async Task RefundAsync(int cents) =>
        await AtStripeAsync(HttpMethod.Post, "refunds", ("charge", await NewestAsync("charges")), ("amount", $"{cents}"));

    /// <summary>Previews a change and confirms what was shown.</summary>
    public async Task ChangeAsync(string plan)
    {
        var changer = Service<PlanChanges>();
        var shown = Assert.IsType<ChangeResult.Previewed>(await changer.PreviewAsync(Person.Id, plan, "month", CancellationToken.None)).Preview;
        var result = await changer.ChangeAsync(Person.Id, new PlanChange(plan, "month", shown.At, shown.DueCents, shown.CreditsAfter, Guid.CreateVersion7(Clock.GetUtcNow())), CancellationToken.None);
        Assert.True(result is ChangeResult.Changed or ChangeResult.Planned, result.ToString());
    }
}
