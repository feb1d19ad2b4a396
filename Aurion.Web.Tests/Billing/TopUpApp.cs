using Aurion.Data.Billing;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Credits.Live;
using Aurion.Web.Tests.Infrastructure;
using Aurion.Web.Tools;
using Dapper;
using Npgsql;

namespace Aurion.Web.Tests.Billing;

/// <summary>People with a saved card who allow top-ups.</summary>
public class TopUpApp : PackApp
{
    /// <summary>Somebody with a saved card who allows top-ups below a threshold and now has this many credits left.</summary>
    public async Task<TestUser> GivenAllowedAsync(
        int left, int threshold = 200, int cap = 100_000, string pack = "small", string card = "4242424242424242", string? trouble = null, string? outcome = null)
    {
        var user = await GivenUserAsync(0);
        var page = await OpenPackAsync(user, "large", keepCard: true);
        var back = await PayAsync(page, card);
        if (back is null || back.OriginalString.EndsWith("authenticate", StringComparison.Ordinal))
            await AuthenticateAsync(page);
        await SettleAsync();
        if (outcome is not null)
            await CloseDisputeAsync(user, outcome);
        // Not through the switch, which would wake the job before the test is ready.
        var kept = (await Service<StripeGateway>().FindCardAsync(await CustomerAsync(user), CancellationToken.None))!;
        await Service<TopUpStore>().SaveAsync(user.Id, new TopUpWish(threshold, pack, cap), kept.Brand, kept.Last4);
        Service<LowBalances>().Forget();
        if (trouble is not null)
            await ExecuteAsync(trouble, new { user.Id });
        await ExecuteAsync("UPDATE user_credits SET bonus_credits = @credits WHERE user_id = @Id", new { user.Id, credits = left + 5 });
        Assert.Equal("LAUNCHED", await SpendAsync(user, "text-editor"));
        return user;
    }

    /// <summary>The person agrees to the card that Stripe has, and then spends, which alone triggers; what is left stays as it was.</summary>
    public async Task AllowAsync(TestUser user, int threshold = 200, int cap = 100_000, string pack = "small")
    {
        var card = (await Service<StripeGateway>().FindCardAsync(await CustomerAsync(user), CancellationToken.None))!;
        Assert.IsType<TopUpResult.Allowed>(await Service<TopUpSwitch>().AllowAsync(user.Id, new TopUpWish(threshold, pack, cap), TopUpSwitch.Name(card.Brand, card.Last4), CancellationToken.None));
        await ExecuteAsync("UPDATE user_credits SET used_credits = used_credits - 5 WHERE user_id = @Id", new { user.Id });
        Assert.Equal("LAUNCHED", await SpendAsync(user, "text-editor"));
    }

    public Task RunAsync() => Service<TopUpCreditsJob>().RunAsync(CancellationToken.None);

    public async Task<OpenTopUp> BeginAsync(TestUser user)
    {
        var store = Service<TopUpStore>();
        await store.MarkLowAsync();
        await store.BeginAsync(user.Id, Guid.CreateVersion7(Clock.GetUtcNow()));
        return (await store.ListOpenAsync()).Single(topUp => topUp.UserId == user.Id);
    }

    public Task<int> TopUpsAsync(TestUser user) =>
        ScalarAsync<int>("SELECT count(*)::int FROM purchases WHERE user_id = @Id AND kind = 'top_up' AND granted_at IS NOT NULL", new { user.Id });

    /// <summary>Payments off session that went through at Stripe.</summary>
    public async Task<int> ChargesAsync(TestUser user) =>
        (await AtStripeAsync(HttpMethod.Get, $"payment_intents?customer={await CustomerAsync(user)}&limit=100")).GetProperty("data").EnumerateArray()
            .Count(intent => intent.GetProperty("status").GetString() == "succeeded" && intent.GetProperty("metadata").TryGetProperty("aurion_operation", out _));

    public Task<int> AvailableAsync(TestUser user) => ScalarAsync<int>(
        "SELECT total_credits - used_credits + spendable_bonus(user_id, @now) FROM user_credits WHERE user_id = @Id", new { user.Id, now = Clock.GetUtcNow() });

    public async Task SaveCardAsync(TestUser user, string method)
    {
        var customer = await CustomerAsync(user);
        var id = (await AtStripeAsync(HttpMethod.Post, $"payment_methods/{method}/attach", ("customer", customer))).GetProperty("id").GetString()!;
        await AtStripeAsync(HttpMethod.Post, $"customers/{customer}", ("invoice_settings[default_payment_method]", id));
    }

    public async Task CloseTopUpDisputeAsync(TestUser user)
    {
        var intent = await ScalarAsync<string>("SELECT payment_intent_id FROM purchases WHERE user_id = @Id AND kind = 'top_up'", new { user.Id });
        var disputes = await AtStripeAsync(HttpMethod.Get, $"disputes?payment_intent={intent}");
        await AtStripeAsync(HttpMethod.Post, $"disputes/{disputes.GetProperty("data")[0].GetProperty("id").GetString()}/close");
        await SettleAsync();
    }

    private static async Task AuthenticateAsync(Uri page)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("outcome", "complete")]);
        await browser.PostAsync($"{page}/authenticate", form);
    }
}
