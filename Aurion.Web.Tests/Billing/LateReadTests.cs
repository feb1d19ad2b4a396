using Aurion.Data.Billing;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>A look at Stripe that was taken early and is written late undoes nothing that a later look has shown.</summary>
public sealed class LateReadTests(PackApp app) : IClassFixture<PackApp>
{
    [Fact]
    public async Task An_invoice_that_was_still_open_stays_paid()
    {
        var user = await app.GivenSubscriberAsync("starter", card: "4000000000000341");
        await app.AdvanceAsync(TimeSpan.FromDays(31));
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        var invoice = await app.ScalarAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", new { user.Id });
        var late = await LookAsync("invoice", invoice);
        await app.AtStripeAsync(HttpMethod.Post, $"invoices/{invoice}/pay", ("payment_method", "pm_card_visa"));
        await app.SettleAsync();

        await late();

        Assert.Equal("paid", await app.ScalarAsync<string>("SELECT status FROM stripe_invoices WHERE invoice_id = @invoice", new { invoice }));
        Assert.Equal("active", (await app.AccountAsync(user)).Status);
    }

    [Fact]
    public async Task Money_that_went_back_stays_gone()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var charge = (await app.AtStripeAsync(HttpMethod.Get, $"charges?customer={await app.CustomerAsync(user)}")).GetProperty("data")[0].GetProperty("id").GetString()!;
        var late = await LookAsync("charge", charge);
        await app.AtStripeAsync(HttpMethod.Post, "refunds", ("charge", charge), ("amount", "450"));
        await app.SettleAsync();

        await late();

        Assert.Equal(450, await app.ScalarAsync<int>("SELECT amount_refunded FROM stripe_invoices WHERE user_id = @Id", new { user.Id }));
        Assert.Equal(500, (await app.AccountAsync(user)).Total);
    }

    [Fact]
    public async Task A_pack_that_was_given_back_stays_so()
    {
        var user = await app.GivenBuyerAsync("large");
        var late = await LookAsync("checkout.session", await app.SessionAsync(user));
        await app.RefundAsync(user, 1000);

        await late();

        Assert.Equal(1000, await app.ScalarAsync<int>("SELECT amount_refunded FROM purchases WHERE user_id = @Id", new { user.Id }));
    }

    /// <summary>Reads now, and writes when it is called.</summary>
    private async Task<Func<Task>> LookAsync(string kind, string id)
    {
        var billing = app.Service<BillingStore>();
        var readSeq = await billing.NextReadAsync();
        var seen = (await app.Service<StripeReader>().ReadAsync(kind, id, CancellationToken.None))!.ToJson();
        return async () => Assert.Equal("UNCHANGED", (await billing.ApplyAsync(seen, readSeq, app.Clock.GetUtcNow())).Outcome);
    }
}
