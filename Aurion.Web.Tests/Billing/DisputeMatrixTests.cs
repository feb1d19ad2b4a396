using System.Net.Http.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>
/// Starter gave 1,000 credits for 900 cents. Money goes back in every way that there is, before, while and after the credits are
/// spent; every step reaches us by the webhook. What is due is 1,000 × money gone / 900, rounded down on the sum, what is left first.
/// </summary>
public sealed class DisputeMatrixTests(DisputeMatrixTests.App app) : IClassFixture<DisputeMatrixTests.App>
{
    public static TheoryData<string, int, int> Matrix()
    {
        var data = new TheoryData<string, int, int>();
        foreach (var (steps, due) in new[]
        {
            ("refund 300", 333), ("refund 100, refund 200", 333), ("refund 900", 1000), ("refund 1, refund 1, refund 1, refund 897", 1000),
            ("dispute, won", 0), ("dispute, lost", 1000), ("refund 450, dispute, lost", 1000), ("refund 450, dispute, won", 500),
            ("dispute, won, refund 450", 500), ("refund 300, dispute, won, refund 300", 666),
        })
        {
            foreach (var launches in new[] { 0, 10, 16, 20 })
                data.Add(steps, launches, due);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Money_that_goes_back_takes_its_credits_once_and_no_more(string steps, int launches, int due)
    {
        var user = await app.GivenSubscriberAsync("starter");
        for (var i = 0; i < launches; i++)
            Assert.Equal("LAUNCHED", await app.SpendAsync(user));
        var spent = launches * 50;

        foreach (var step in steps.Split(", "))
        {
            await app.DoAsync(user, step);
            Assert.Equal(step == "dispute", await app.IsFrozenAsync(user));
        }

        var taken = Math.Min(due, 1000 - spent);
        await app.ExpectAsync(user, (1000 - taken, spent, taken, due - taken));
        await app.RepeatEventsAsync(user);
        await app.ExpectAsync(user, (1000 - taken, spent, taken, due - taken));
    }

    public sealed class App : BillingApp
    {
        protected override bool StripeRunsByItself => false;

        public async Task DoAsync(TestUser user, string step)
        {
            var customer = await ScalarAsync<string>("SELECT customer_id FROM stripe_customers WHERE user_id = @Id", new { user.Id });
            var charge = (await AtStripeAsync(HttpMethod.Get, $"charges?customer={customer}")).GetProperty("data")[0].GetProperty("id").GetString()!;
            if (step.StartsWith("refund ", StringComparison.Ordinal))
                await AtStripeAsync(HttpMethod.Post, "refunds", ("charge", charge), ("amount", step["refund ".Length..]));
            else
            {
                using var http = new HttpClient { BaseAddress = new Uri(Stripe.Address) };
                var (button, fields) = step == "dispute" ? ("dispute", new { charge, outcome = "" }) : ("close-dispute", new { charge, outcome = step });
                (await http.PostAsJsonAsync($"/control/{button}", fields)).EnsureSuccessStatusCode();
            }
            await SettleAsync();
        }

        public Task<bool> IsFrozenAsync(TestUser user) => ScalarAsync<bool>("SELECT frozen_at IS NOT NULL FROM user_credits WHERE user_id = @Id", new { user.Id });

        public async Task RepeatEventsAsync(TestUser user)
        {
            await ExecuteAsync("UPDATE stripe_events SET state = 'received', next_attempt_at = '2000-01-01' WHERE user_id = @Id", new { user.Id });
            await SettleAsync();
        }

        public async Task ExpectAsync(TestUser user, (int Total, int Used, int Taken, int WrittenOff) expected)
        {
            var account = await AccountAsync(user);
            var (taken, writtenOff) = (await QueryAsync<(int, int)>("SELECT sum(clawed_back)::int, sum(written_off)::int FROM plan_grants WHERE user_id = @Id", new { user.Id }))[0];
            Assert.Equal(expected, (account.Total, account.Used, taken, writtenOff));
            Assert.Equal(account.Total - account.Used, await ScalarAsync<int>("SELECT sum(delta)::int FROM usage_logs WHERE user_id = @Id", new { user.Id }));
            Assert.Equal(0, await ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE state NOT IN ('done', 'ignored')"));
        }
    }
}
