using Aurion.Web.Billing;
using Aurion.Web.Billing.Changes;
using Aurion.Web.Tests.Infrastructure;
using FsCheck;
using FsCheck.Fluent;

namespace Aurion.Web.Tests.Billing;

/// <summary>Whatever people press, in any order, they get what paid invoices and the free window give, and no more.</summary>
public sealed class NothingForNothingTests(NothingForNothingTests.App app) : IClassFixture<NothingForNothingTests.App>
{
    private const int Lives = 150;
    private static readonly string[] Plans = ["starter", "plus", "pro"];

    public enum Move { Starter, Plus, Pro, PlusByTheYear, Cancel, Resume, Spend, RetryEvents, NextMonth, MonthThatIsNotPaid, PayWhatIsOpen }

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

    private async Task LiveAsync(Move[] moves)
    {
        var user = await app.GivenPayerAsync("starter");
        foreach (var move in moves)
        {
            var before = await app.AccountAsync(user);
            var grants = await app.GrantsAsync(user);
            await app.DoAsync(user, move);
            var after = await app.AccountAsync(user);

            var given = await app.GrantsAsync(user) - grants;
            if (given == 0 && move is not (Move.Spend or Move.NextMonth or Move.MonthThatIsNotPaid))
                Assert.Equal((before.Total, before.Used, before.Plan), (after.Total, after.Used, after.Plan));
        }
        Assert.True(await app.IsCoveredAsync(user), string.Join(", ", moves));
        await app.EndAsync(user);
        app.Lived++;
    }

    public sealed class App : PayerApp
    {
        public int Lived { get; set; }

        public Task<int> GrantsAsync(TestUser user) => ScalarAsync<int>("SELECT count(*)::int FROM plan_grants WHERE user_id = @Id", new { user.Id });

        /// <summary>Each paid line was given once, nothing else was given, and the balance is the sum of its ledger.</summary>
        public Task<bool> IsCoveredAsync(TestUser user) => ScalarAsync<bool>("""
            SELECT (SELECT sum(delta) FROM usage_logs WHERE user_id = @Id) = c.total_credits - c.used_credits + c.bonus_credits
               AND (SELECT count(*) FROM usage_logs WHERE user_id = @Id AND actor = 'stripe' AND operation_id LIKE 'stripe_invoice:%')
                   = (SELECT count(*) FROM plan_grants WHERE user_id = @Id)
               AND NOT EXISTS (SELECT FROM plan_grants g WHERE g.user_id = @Id AND NOT EXISTS (
                        SELECT FROM stripe_invoices i WHERE i.user_id = @Id AND i.invoice_id = g.invoice_id AND i.status = 'paid' AND i.amount_paid > 0))
               AND (SELECT coalesce(sum(delta) FILTER (WHERE delta > 0), 0) FROM usage_logs WHERE user_id = @Id)
                   <= (SELECT sum(credits) FROM plan_grants WHERE user_id = @Id)
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
                    await Service<PlanEnder>().CancelAsync(user.Id, operation, CancellationToken.None);
                    break;
                case Move.Resume:
                    await Service<PlanEnder>().ResumeAsync(user.Id, operation, CancellationToken.None);
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
                case Move.MonthThatIsNotPaid when (await AccountAsync(user)).Subscription is not null:
                    await CardAsync(user, "pm_card_chargeCustomerFail");
                    await MonthAsync();
                    break;
                case Move.PayWhatIsOpen when (await AccountAsync(user)).Subscription is not null:
                    await CardAsync(user, "pm_card_visa");
                    foreach (var invoice in await QueryAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", new { user.Id }))
                        await AtStripeAsync(HttpMethod.Post, $"invoices/{invoice}/pay");
                    break;
                case Move.MonthThatIsNotPaid or Move.PayWhatIsOpen:
                    break;
                default:
                    await ChangeAsync(user, move == Move.PlusByTheYear ? "plus" : Plans[(int)move], move == Move.PlusByTheYear ? "year" : "month", operation);
                    break;
            }
            await SettleAsync();
        }

        private async Task MonthAsync()
        {
            await AdvanceAsync(TimeSpan.FromDays(31));
            await AdvanceAsync(TimeSpan.FromHours(2));
            await Service<RefillCreditsJob>().RunAsync(CancellationToken.None);
        }

        private async Task ChangeAsync(TestUser user, string plan, string interval, Guid operation)
        {
            var changer = Service<PlanChanger>();
            if (await changer.PreviewAsync(user.Id, plan, interval, CancellationToken.None) is not ChangeResult.Previewed { Preview: var shown })
                return;
            // A nervous finger: the same confirmation three times.
            for (var press = 0; press < 3; press++)
                await changer.ConfirmAsync(user.Id, new PlanChange(plan, interval, shown.At, shown.DueCents, shown.CreditsAfter, operation), CancellationToken.None);
        }
    }
}
