using Aurion.Web.Billing;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Tests.Infrastructure;
using FsCheck;
using FsCheck.Fluent;

namespace Aurion.Web.Tests.Billing;

/// <summary>Whatever people press, in any order, they get what paid invoices and the free window give, and no more.</summary>
public sealed class NothingForNothingTests(NothingForNothingTests.App app) : IClassFixture<NothingForNothingTests.App>
{
    private const int Lives = 150;
    private static readonly string[] Plans = ["starter", "plus", "pro"];

    public enum Move { Starter, Plus, Pro, PlusByTheYear, Cancel, Resume, Spend, RetryEvents, NextMonth, MonthThatIsNotPaid, PayWhatIsOpen, BuyAgain, MoneyBack }

    [Fact]
    public void No_sequence_of_changes_gives_more_than_was_paid()
    {
        var lives = Arb.From(
            Gen.Choose(2, 8).SelectMany(length => Gen.Elements(Enum.GetValues<Move>()).ArrayOf(length)),
            moves => moves.Select((_, left) => moves.Where((_, place) => place != left).ToArray()));
        var config = Config.QuickThrowOnFailure.WithMaxTest(Lives).WithReplay(20261122, 7);
        Check.One(config, Prop.ForAll(lives, moves => Task.Run(() => LiveAsync(moves)).GetAwaiter().GetResult()));
        Assert.True(app.Lived >= Lives);
    }

    /// <summary>Lives that chance seldom finds: used credits carried over changes, and a free window that is come back to.</summary>
    [Theory]
    [InlineData(Move.Spend, Move.Plus, Move.Spend, Move.Pro, Move.Spend, Move.PlusByTheYear)]
    [InlineData(Move.MoneyBack, Move.Spend, Move.BuyAgain, Move.Spend, Move.MoneyBack, Move.Spend, Move.Spend)]
    [InlineData(Move.Cancel, Move.NextMonth, Move.Spend, Move.BuyAgain, Move.MoneyBack, Move.BuyAgain, Move.MoneyBack, Move.Spend, Move.Spend)]
    [InlineData(Move.PlusByTheYear, Move.Spend, Move.NextMonth, Move.Cancel, Move.Spend, Move.NextMonth, Move.MoneyBack)]
    public Task A_life_in_which_much_comes_back_gives_no_more_either(params Move[] moves) => LiveAsync(moves);

    private async Task LiveAsync(Move[] moves)
    {
        var user = await app.GivenPayerAsync("starter");
        var spentFree = new Dictionary<DateTime, int>();
        foreach (var move in moves)
        {
            // Stripe dates a period to the second, and nobody confirms, pays and confirms again within one.
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            var before = await app.AccountAsync(user);
            var (grants, opening) = await app.GivenAsync(user);
            var launches = await app.LaunchesAsync(user);
            await app.DoAsync(user, move);
            var after = await app.AccountAsync(user);
            var (grantsNow, openingNow) = await app.GivenAsync(user);
            var spent = 50 * (await app.LaunchesAsync(user) - launches);

            if (grantsNow == grants && move is not (Move.Spend or Move.NextMonth or Move.MonthThatIsNotPaid or Move.MoneyBack))
                Assert.Equal((before.Total, before.Used, before.Plan), (after.Total, after.Used, after.Plan));
            // What was used stays used, until a period begins that was paid, or is free.
            if (openingNow == opening)
                Assert.Equal((move, before.Used + spent), (move, after.Used));
            else if (after.Plan != "free")
                Assert.Equal((move, 0), (move, after.Used));
            if (before.Plan == "free")
                spentFree[before.Starts] = spentFree.GetValueOrDefault(before.Starts) + spent;
            if (after.Plan == "free")
                Assert.InRange(after.Total - after.Used, 0, 100 - spentFree.GetValueOrDefault(after.Starts));
        }
        Assert.True(await app.IsCoveredAsync(user), string.Join(", ", moves));
        await app.EndAsync(user);
        app.Lived++;
    }

    public sealed class App : PayerApp
    {
        public int Lived { get; set; }

        /// <summary>How many paid lines there are, and which period began last: when, if it was paid, and the how many-eth, if not.</summary>
        public async Task<(int Grants, (DateTime Paid, int Other) Opening)> GivenAsync(TestUser user)
        {
            var (grants, paid, other) = (await QueryAsync<(int, DateTime, int)>("""
                SELECT count(*)::int, max(starts_at) FILTER (WHERE opens_period),
                       (SELECT count(*)::int FROM usage_logs WHERE user_id = @Id AND (operation_id LIKE 'refill:%' OR action_type = 'plan_cancelled'))
                  FROM plan_grants WHERE user_id = @Id
                """, new { user.Id }))[0];
            return (grants, (paid, other));
        }

        public Task<int> LaunchesAsync(TestUser user) => ScalarAsync<int>("SELECT count(*)::int FROM usage_logs WHERE user_id = @Id AND credits_used = 50", new { user.Id });

        /// <summary>Each paid line was given once, nothing else was given, and the balance is the sum of its ledger.</summary>
        public Task<bool> IsCoveredAsync(TestUser user) => ScalarAsync<bool>("""
            SELECT (SELECT sum(delta) FROM usage_logs WHERE user_id = @Id) = c.total_credits - c.used_credits + c.bonus_credits
               AND (SELECT count(*) FROM usage_logs WHERE user_id = @Id AND actor = 'stripe' AND operation_id LIKE 'stripe_invoice:%')
                   = (SELECT count(*) FROM plan_grants WHERE user_id = @Id)
               AND NOT EXISTS (SELECT FROM plan_grants g WHERE g.user_id = @Id AND NOT EXISTS (
                        SELECT FROM stripe_invoices i WHERE i.user_id = @Id AND i.invoice_id = g.invoice_id AND i.status = 'paid' AND i.amount_paid > 0))
               -- every credit was paid for: a month's at the price of a month, a year's at most twelve times
               AND (SELECT coalesce(sum(delta) FILTER (WHERE delta > 0), 0) FROM usage_logs WHERE user_id = @Id)
                   <= (SELECT coalesce(sum(n.credits_monthly * CASE g.billing_interval WHEN 'year' THEN 12.0 * i.amount_paid / n.annual_price_cents ELSE 1.0 * i.amount_paid / n.monthly_price_cents END), 0)
                         FROM plan_grants g JOIN plans n USING (plan_type) JOIN stripe_invoices i ON i.user_id = g.user_id AND i.invoice_id = g.invoice_id WHERE g.user_id = @Id)
                    + (SELECT sum((metadata ->> 'credits_granted')::int) FROM usage_logs WHERE user_id = @Id AND (operation_id = 'signup' OR operation_id LIKE 'refill:%'))
               -- more than the free plan's is refilled only within a year that was paid
               AND NOT EXISTS (SELECT FROM usage_logs l WHERE l.user_id = @Id AND l.operation_id LIKE 'refill:%' AND (l.metadata ->> 'credits_granted')::int > 100
                      AND NOT EXISTS (SELECT FROM plan_grants g WHERE g.user_id = @Id AND g.billing_interval = 'year' AND g.credits = (l.metadata ->> 'credits_granted')::int
                                         AND g.starts_at <= (l.metadata ->> 'period_start')::timestamptz AND g.ends_at > (l.metadata ->> 'period_start')::timestamptz))
              FROM user_credits c WHERE c.user_id = @Id
            """, new { user.Id });

        public async Task DoAsync(TestUser user, Move move)
        {
            var operation = Guid.CreateVersion7(Clock.GetUtcNow());
            switch (move)
            {
                case Move.Cancel:
                    await Service<PlanChanges>().CancelAsync(user.Id, operation, false, CancellationToken.None);
                    break;
                case Move.Resume:
                    await Service<PlanChanges>().ResumeAsync(user.Id, operation, CancellationToken.None);
                    break;
                case Move.Spend:
                    await SpendAsync(user);
                    break;
                case Move.RetryEvents:
                    await ExecuteAsync("UPDATE stripe_events SET state = 'received', next_attempt_at = '2000-01-01' WHERE user_id = @Id", new { user.Id });
                    break;
                case Move.NextMonth:
                    await MonthAsync();
                    break;
                case Move.MonthThatIsNotPaid when await LiveAsync(user) is not null:
                    await CardAsync(user, "pm_card_chargeCustomerFail");
                    await MonthAsync();
                    break;
                case Move.PayWhatIsOpen when await LiveAsync(user) is not null:
                    await CardAsync(user, "pm_card_visa");
                    foreach (var invoice in await QueryAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", new { user.Id }))
                        await AtStripeAsync(HttpMethod.Post, $"invoices/{invoice}/pay", ("payment_method", "pm_card_visa"));
                    break;
                case Move.BuyAgain when (await AccountAsync(user)).Plan == "free":
                    Clock.Advance(TimeSpan.FromMinutes(1));
                    await SubscribeAsync(user, await CustomerAsync(user), "starter", "month");
                    break;
                case Move.MoneyBack when await LiveAsync(user) is not null:
                    await MoneyBackAsync(user);
                    break;
                case Move.MonthThatIsNotPaid or Move.PayWhatIsOpen or Move.BuyAgain or Move.MoneyBack:
                    break;
                default:
                    await ChangeAsync(user, move == Move.PlusByTheYear ? "plus" : Plans[(int)move], move == Move.PlusByTheYear ? "year" : "month", operation);
                    break;
            }
            await SettleAsync();
        }

        /// <summary>An operator gives the last payment back and ends the subscription.</summary>
        private async Task MoneyBackAsync(TestUser user)
        {
            var charges = (await AtStripeAsync(HttpMethod.Get, $"charges?customer={await CustomerAsync(user)}&limit=100")).GetProperty("data").EnumerateArray();
            await EndAsync(user);
            if (charges.FirstOrDefault(c => c.GetProperty("paid").GetBoolean() && !c.GetProperty("refunded").GetBoolean()) is { ValueKind: System.Text.Json.JsonValueKind.Object } paid)
                await AtStripeAsync(HttpMethod.Post, "refunds", ("charge", paid.GetProperty("id").GetString()!));
        }

        private async Task MonthAsync()
        {
            await AdvanceAsync(TimeSpan.FromDays(31));
            await AdvanceAsync(TimeSpan.FromHours(2));
            await Service<RefillCreditsJob>().RunAsync(CancellationToken.None);
        }

        private async Task ChangeAsync(TestUser user, string plan, string interval, Guid operation)
        {
            var changer = Service<PlanChanges>();
            if (await changer.PreviewAsync(user.Id, plan, interval, CancellationToken.None) is not ChangeResult.Previewed { Preview: var shown })
                return;
            // A nervous finger: the same confirmation three times.
            for (var press = 0; press < 3; press++)
                await changer.ChangeAsync(user.Id, new PlanChange(plan, interval, shown.At, shown.DueCents, shown.CreditsAfter, operation), CancellationToken.None);
        }
    }
}
