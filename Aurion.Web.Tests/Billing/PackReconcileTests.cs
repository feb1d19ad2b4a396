using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

public sealed class PackReconcileTests(PackApp app) : IClassFixture<PackApp>
{
    [Fact]
    public async Task A_pack_and_a_refund_that_the_webhooks_lost_are_listed_repaired_and_then_gone()
    {
        var refunded = await app.GivenBuyerAsync("small");
        app.Stripe.Faults.LosePercent = 100;
        var lost = await app.GivenBuyerAsync("large");
        await app.RefundAsync(refunded, 200);
        app.Stripe.Faults.LosePercent = 0;

        var listed = await ReconcileAsync(repair: false);
        Assert.Contains(listed, line => line == $"{Session(lost)}: would change; then free, 5000 credits");
        Assert.Contains(listed, line => line == $"{Session(refunded)}: would change; then free, 150 credits");
        Assert.Equal((0, 300), ((await app.PacksAsync(lost)).Left, (await app.PacksAsync(refunded)).Left));

        await ReconcileAsync(repair: true);
        Assert.Equal((5000, 150), ((await app.PacksAsync(lost)).Left, (await app.PacksAsync(refunded)).Left));
        Assert.Empty(await ReconcileAsync(repair: true));

        string Session(TestUser user) => app.SessionAsync(user).GetAwaiter().GetResult();
    }

    [Fact]
    public async Task A_pack_that_Stripe_does_not_know_is_shown()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("""
            INSERT INTO purchases (user_id, operation_id, kind, pack_id, price_id, credits, amount, status, payment_status, session_id, created_at, granted_at)
            VALUES (@Id, gen_random_uuid(), 'pack', 'small', 'p', 300, 400, 'complete', 'paid', 'cs_ghost', @now, @now)
            """, new { user.Id, now = app.Clock.GetUtcNow() });

        Assert.Contains("cs_ghost: paid here, unknown to Stripe", await ReconcileAsync(repair: false));

        await app.ExecuteAsync("DELETE FROM purchases WHERE session_id = 'cs_ghost'");
    }

    [Fact]
    public async Task Setup_makes_each_price_once_and_a_changed_amount_makes_a_new_one()
    {
        Assert.DoesNotContain(await OfferAsync(), line => line.EndsWith("new", StringComparison.Ordinal));

        await app.ExecuteAsync("UPDATE packs SET price_cents = 450 WHERE pack_id = 'small'");
        Assert.Single(await OfferAsync(), line => line.EndsWith("new", StringComparison.Ordinal));
        Assert.DoesNotContain(await OfferAsync(), line => line.EndsWith("new", StringComparison.Ordinal));
        Assert.Equal(["400 false", "450 true"], await app.QueryAsync<string>("SELECT unit_amount || ' ' || active FROM stripe_prices WHERE pack_id = 'small' ORDER BY unit_amount"));

        await app.ExecuteAsync("UPDATE packs SET price_cents = 400 WHERE pack_id = 'small'");
        await OfferAsync();
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_prices WHERE pack_id = 'small' AND active AND unit_amount = 400"));

        Task<IReadOnlyList<string>> OfferAsync() => app.Service<StripeSetup>().OfferPacksAsync(CancellationToken.None);
    }

    private async Task<IReadOnlyList<string>> ReconcileAsync(bool repair)
    {
        var lines = new List<string>();
        var drift = await app.Service<BillingReconciler>().RunAsync(repair, endMissing: false, lines.Add, CancellationToken.None);
        Assert.Equal(drift, lines.Count);
        return lines;
    }
}
