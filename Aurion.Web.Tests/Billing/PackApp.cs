using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Packs beside the stand-in, which delivers only when a test says so. Medium: 1,200 cents give 1,000 credits.</summary>
public class PackApp : BillingApp
{
    private int codes;

    protected override bool StripeRunsByItself => false;

    /// <summary>Opens the payment page of a pack; its address.</summary>
    public async Task<Uri> OpenPackAsync(TestUser user, string pack = "medium", bool keepCard = false)
    {
        var response = await SignedInAs(user).PostFormAsync("/billing/packs", new { pack, keepCard });
        return response.Headers.Location ?? throw new InvalidOperationException($"No payment page: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Somebody on the free plan who has bought a pack, with the account in agreement.</summary>
    public async Task<TestUser> GivenBuyerAsync(string pack = "medium", string card = "4242424242424242", int credits = 0, bool keepCard = false)
    {
        var user = await GivenUserAsync(credits);
        await PayAsync(await OpenPackAsync(user, pack, keepCard), card);
        await SettleAsync();
        return user;
    }

    /// <summary>What the user's packs hold; the sum of the ledger agrees.</summary>
    public async Task<Packs> PacksAsync(TestUser user)
    {
        Assert.Empty(await QueryAsync<string>("SELECT fault FROM ledger_faults() WHERE user_id = @Id", new { user.Id }));
        return (await QueryAsync<Packs>("""
            SELECT count(g.*)::int AS grants, coalesce(sum(g.remaining), 0)::int AS left, coalesce(sum(g.clawed_back), 0)::int AS clawed,
                   (SELECT coalesce(sum(p.written_off), 0)::int FROM purchases p WHERE p.user_id = @Id) AS written_off, count(g.frozen_at)::int AS frozen
              FROM credit_grants g WHERE g.user_id = @Id AND g.source = 'pack'
            """, new { user.Id }))[0];
    }

    public Task<string> SessionAsync(TestUser user) =>
        ScalarAsync<string>("SELECT session_id FROM purchases WHERE user_id = @Id ORDER BY created_at DESC LIMIT 1", new { user.Id });

    public Task<string> CustomerAsync(TestUser user) => ScalarAsync<string>("SELECT customer_id FROM stripe_customers WHERE user_id = @Id", new { user.Id });

    public Task<string> PriceAsync(string pack) => ScalarAsync<string>("SELECT price_id FROM stripe_prices WHERE pack_id = @pack AND active", new { pack });

    /// <summary>A page that we did not open, paid; its session.</summary>
    public async Task<string> PayForeignAsync(string customer, params (string Name, string Value)[] form)
    {
        var session = await AtStripeAsync(HttpMethod.Post, "checkout/sessions",
            [("mode", "payment"), ("customer", customer), ("success_url", "https://elsewhere.example/"), .. form]);
        Assert.NotNull(await PayAsync(new Uri(session.GetProperty("url").GetString()!)));
        await SettleAsync();
        return session.GetProperty("id").GetString()!;
    }

    /// <summary>How the completion of a session ended, and why.</summary>
    public async Task<(string State, string? Reason)> EventAsync(string session) => (await QueryAsync<(string, string?)>("""
        SELECT state, coalesce(reason, last_error) FROM stripe_events WHERE object_id = @session AND type = 'checkout.session.completed'
        """, new { session }))[0];

    /// <summary>What a look at Stripe shows of the user's latest purchase, altered and applied as a look of now.</summary>
    public async Task<Convergence> ApplyAsync(TestUser user, Func<StripePurchase, StripePurchase> alter)
    {
        var snapshot = await Service<StripeReader>().ReadAsync("checkout.session", await SessionAsync(user), CancellationToken.None);
        var billing = Service<BillingStore>();
        return await billing.ApplyAsync((snapshot! with { Purchase = alter(snapshot.Purchase!) }).ToJson(), await billing.NextReadAsync(), Clock.GetUtcNow());
    }

    public async Task RefundAsync(TestUser user, int? cents = null)
    {
        var intent = await ScalarAsync<string>("SELECT payment_intent_id FROM purchases WHERE user_id = @Id ORDER BY created_at DESC LIMIT 1", new { user.Id });
        await RefundIntentAsync(intent, cents);
    }

    public async Task CloseDisputeAsync(TestUser user, string outcome)
    {
        var intent = await ScalarAsync<string>("SELECT payment_intent_id FROM purchases WHERE user_id = @Id", new { user.Id });
        await CloseDisputeOfAsync(intent, outcome);
    }

    /// <summary>A promotion code on a coupon with these terms.</summary>
    public async Task<string> GivenCodeAsync((string Name, string Value)[] terms, (string Name, string Value)[] restrictions)
    {
        var code = $"CODE{Interlocked.Increment(ref codes)}";
        var coupon = (await AtStripeAsync(HttpMethod.Post, "coupons", terms)).GetProperty("id").GetString()!;
        await AtStripeAsync(HttpMethod.Post, "promotion_codes", [("promotion[type]", "coupon"), ("promotion[coupon]", coupon), ("code", code), .. restrictions]);
        return code;
    }

    /// <summary>Types a promotion code into Stripe's page; whether it was taken.</summary>
    public static async Task<bool> TypeCodeAsync(Uri page, string code)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("promotion", code)]);
        return (await browser.PostAsync($"{page}/promotion", form)).Headers.Location!.ToString().EndsWith("applied", StringComparison.Ordinal);
    }
}

public sealed record Packs(int Grants, int Left, int Clawed, int WrittenOff, int Frozen);
