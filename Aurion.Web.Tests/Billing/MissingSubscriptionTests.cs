using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>A subscription that Stripe does not know, because its keys are of another account or mode than those it was made with.</summary>
public sealed class MissingSubscriptionTests(PayerApp app) : IClassFixture<PayerApp>
{
    [Fact]
    public async Task It_is_neither_cancelled_nor_changed_until_an_operator_ends_it_and_then_a_plan_can_be_bought()
    {
        var user = await app.GivenPayerAsync("starter");
        var ends = (await app.AccountAsync(user)).Ends;
        await app.ExecuteAsync("""
            UPDATE user_subscriptions SET subscription_id = 'sub_elsewhere' WHERE user_id = @Id;
            UPDATE stripe_invoices SET subscription_id = 'sub_elsewhere' WHERE user_id = @Id;
            UPDATE plan_grants SET subscription_id = 'sub_elsewhere' WHERE user_id = @Id;
            UPDATE user_plans SET stripe_subscription_id = 'sub_elsewhere' WHERE user_id = @Id
            """, user);

        // "Your contract is cancelled" would be a promise about somebody else's books.
        Assert.IsType<ChangeResult.Waiting>(await app.Service<PlanChanges>().CancelAsync(user.Id, Guid.CreateVersion7(app.Clock.GetUtcNow()), false, CancellationToken.None));
        Assert.Equal("subscription sub_elsewhere", await app.ScalarAsync<string>("SELECT subject FROM job_failures WHERE job = 'ApplyPlanChangesJob'"));
        var page = await (await app.SignedInAs(user).GetAsync("/billing/change?plan=plus&interval=month")).Content.ReadAsStringAsync();
        Assert.Contains("The change did not happen. You were not charged, and your plan is as it was.", page, StringComparison.Ordinal);

        Assert.Equal(["sub_elsewhere: alive here, unknown to Stripe"], await ReconcileAsync(endMissing: false));
        Assert.Equal("active", await app.ScalarAsync<string>("SELECT status FROM user_subscriptions WHERE user_id = @Id", user));
        Assert.Equal(["sub_elsewhere: alive here, unknown to Stripe; ended"], await ReconcileAsync(endMissing: true));

        var after = await app.AccountAsync(user);
        Assert.Equal(("starter", ends), (after.Plan, after.Ends));
        Assert.Equal("canceled", await app.ScalarAsync<string>("SELECT status FROM user_plans WHERE user_id = @Id", user));
        await app.PayAsync(await app.OpenCheckoutAsync(user, "plus"));
        await app.SettleAsync();
        Assert.Equal("plus", (await app.AccountAsync(user)).Plan);
    }

    private async Task<List<string>> ReconcileAsync(bool endMissing)
    {
        var lines = new List<string>();
        await app.Service<BillingReconciler>().RunAsync(repair: false, endMissing, lines.Add, CancellationToken.None);
        return [.. lines.Where(line => line.StartsWith("sub_elsewhere", StringComparison.Ordinal))];
    }
}
