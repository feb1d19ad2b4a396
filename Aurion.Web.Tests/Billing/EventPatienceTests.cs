using Aurion.Data.Billing;
using Aurion.Sandbox.Stripe.Control;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Infrastructure.Retention;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>What an event is charged with: its own faults, and neither ours nor Stripe's.</summary>
public sealed class EventPatienceTests(PayerApp app) : IClassFixture<PayerApp>
{
    [Theory]
    [InlineData(CallFaultKind.Unauthorized)]
    [InlineData(CallFaultKind.Forbidden)]
    public async Task A_key_that_Stripe_refuses_for_a_day_costs_no_event_an_attempt_and_is_shown(CallFaultKind kind)
    {
        var user = await app.GivenUserAsync();
        var page = await app.OpenCheckoutAsync(user, "plus");
        using (app.Stripe.Faults.OnCall("GET *", kind, times: int.MaxValue))
        {
            await app.PayAsync(page);
            for (var hours = 0; hours < 24; hours++)
                await app.AdvanceAsync(TimeSpan.FromHours(1));

            Assert.Equal(["received 0"], await app.QueryAsync<string>("""
                SELECT DISTINCT state || ' ' || attempts FROM stripe_events WHERE state NOT IN ('done', 'ignored')
                """));
            Assert.Contains("STRIPE_SECRET_KEY", await app.ScalarAsync<string>("SELECT subject FROM job_failures WHERE job = 'ApplyStripeEventsJob' AND subject <> ''"), StringComparison.Ordinal);
            Assert.Equal("free", (await app.AccountAsync(user)).Plan);
        }

        // At most five minutes after the key is mended.
        await app.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal((5000, "plus"), ((await app.AccountAsync(user)).Total, (await app.AccountAsync(user)).Plan));
        Assert.Empty(await app.QueryAsync<string>("SELECT id FROM stripe_events WHERE state NOT IN ('done', 'ignored')"));
    }

    [Fact]
    public async Task A_slow_batch_keeps_what_it_has_claimed_until_another_worker_has_taken_it()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var events = app.Service<StripeEventStore>();
        await app.ExecuteAsync("UPDATE stripe_events SET state = 'received', next_attempt_at = @now WHERE user_id = @Id", new { user.Id, now = app.Clock.GetUtcNow() });
        var claimed = app.Clock.GetUtcNow();
        string[] ids = [.. (await events.ClaimAsync(200, claimed)).Select(e => e.Id)];
        Assert.NotEmpty(ids);

        app.Clock.Advance(TimeSpan.FromSeconds(100));
        Assert.True(await events.HoldAsync(ids, claimed));
        app.Clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Empty(await events.ClaimAsync(200, app.Clock.GetUtcNow()));

        app.Clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(ids.Length, (await events.ClaimAsync(200, app.Clock.GetUtcNow())).Count);
        Assert.False(await events.HoldAsync(ids, claimed));
        await app.ExecuteAsync("UPDATE stripe_events SET state = 'received', next_attempt_at = @now WHERE user_id = @Id", new { user.Id, now = app.Clock.GetUtcNow() });
        await app.SettleAsync();
    }

    [Fact]
    public async Task The_content_of_an_event_goes_after_its_time_and_the_page_says_so()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var id = await app.ScalarAsync<string>("SELECT id FROM stripe_events WHERE user_id = @Id AND state = 'done' LIMIT 1", new { user.Id });
        await app.ExecuteAsync("UPDATE stripe_events SET state = 'failed' WHERE id = (SELECT id FROM stripe_events WHERE user_id = @Id AND id <> @heard LIMIT 1)", new { user.Id, heard = id });
        Assert.Equal(0, await ForgottenAfterAsync(user, 89));

        var forgotten = await ForgottenAfterAsync(user, 2);

        Assert.True(forgotten > 0);
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE user_id = @Id AND payload IS NOT NULL", new { user.Id }));
        var page = await app.SignedInAs(await app.GivenUserAsync(email: "admin@test.example")).GetPageAsync($"/admin/events/{id}");
        Assert.Contains("was removed after the time", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        await app.ExecuteAsync("UPDATE stripe_events SET state = 'done' WHERE state = 'failed'");
    }

    private async Task<int> ForgottenAfterAsync(TestUser user, int days)
    {
        app.Clock.Advance(TimeSpan.FromDays(days));
        await app.Service<ForgetOldRowsJob>().RunAsync(CancellationToken.None);
        return await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE user_id = @Id AND payload IS NULL", new { user.Id });
    }
}
