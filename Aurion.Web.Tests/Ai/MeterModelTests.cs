using Aurion.Web.Tests.Infrastructure;
using FsCheck;
using FsCheck.Fluent;

namespace Aurion.Web.Tests.Ai;

/// <summary>Hold, settle, release, expiry, refill, claw-back, freeze and launch in any order: every identity of the books holds after each step.</summary>
public sealed class MeterModelTests(MeterApp app) : IClassFixture<MeterApp>
{
    private const int Lives = 200;

    public enum Move { Hold, HoldDear, Settle, SettleMore, Release, CloseTwice, Launch, Pack, PackThatExpires, SweepExpired, Refill, ClawBack, Freeze, Thaw, ByHand }

    [Fact]
    public void No_order_of_steps_breaks_the_books()
    {
        var lives = Arb.From(
            Gen.Choose(4, 24).SelectMany(length => Gen.Elements(Enum.GetValues<Move>()).ArrayOf(length)),
            moves => moves.Select((_, left) => moves.Where((_, place) => place != left).ToArray()));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Lives).WithReplay(20261129, 9), Prop.ForAll(lives, moves => Task.Run(() => LiveAsync(moves)).GetAwaiter().GetResult()));
    }

    [Theory]
    [InlineData(Move.Hold, Move.ClawBack, Move.Settle)]
    [InlineData(Move.PackThatExpires, Move.ByHand, Move.Hold, Move.SweepExpired, Move.Settle)]
    [InlineData(Move.Hold, Move.Freeze, Move.Settle, Move.Hold, Move.Release)]
    [InlineData(Move.HoldDear, Move.Refill, Move.SettleMore, Move.CloseTwice)]
    public Task A_life_that_chance_seldom_finds(params Move[] moves) => LiveAsync(moves);

    private async Task LiveAsync(Move[] moves)
    {
        var user = await app.GivenUserAsync(60);
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'pro' WHERE user_id = @Id", new { user.Id });
        var open = new Dictionary<Guid, int>();
        Guid? last = null;
        foreach (var move in moves)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            var (before, now) = (await app.SpendableAsync(user), app.Clock.GetUtcNow());
            var ceiling = 0;
            switch (move)
            {
                case Move.Hold or Move.HoldDear:
                    var (id, outcome) = await app.HoldAsync(user, move == Move.Hold ? MeterApp.Flat : MeterApp.Metered, prompt: 500, completion: 1500);
                    Assert.Equal(outcome.Ceiling <= before, outcome.Outcome == "HELD");
                    if (outcome.Outcome == "HELD")
                        open[id] = outcome.Ceiling;
                    break;
                case (Move.Settle or Move.SettleMore or Move.Release) when open.Count > 0:
                    (last, ceiling) = (open.First().Key, open.First().Value);
                    open.Remove(last.Value);
                    var closed = move == Move.Release ? await app.ReleaseAsync(user, last.Value) : await app.SettleAsync(user, last.Value, completion: move == Move.Settle ? 300 : 100_000);
                    Assert.InRange(closed.Credits, 0, move == Move.Release ? 0 : ceiling);
                    break;
                case Move.CloseTwice when last is { } done:
                    Assert.Equal("CLOSED", (await app.SettleAsync(user, done)).Outcome);
                    Assert.Equal("CLOSED", (await app.ReleaseAsync(user, done)).Outcome);
                    Assert.Equal(before, await app.SpendableAsync(user));
                    break;
                case Move.Launch:
                    var launch = await app.ScalarAsync<string>("SELECT outcome FROM consume_user_credits(ARRAY[@Id], ARRAY['code-editor'], ARRAY[@op], ARRAY[@session], ARRAY[true], ARRAY[@now::timestamptz], @now)",
                        new { user.Id, op = "launch:" + app.NewRun(), session = app.NewRun(), now });
                    Assert.Equal(before >= 10, launch == "LAUNCHED");
                    break;
                case Move.Pack or Move.PackThatExpires:
                    await app.ExecuteAsync("""
                        SELECT record_movement(@Id, c.total_credits, c.used_credits, c.bonus_credits + 30, 'credits_purchased', 0, 'pack:' || @grant, 'system', '{}', NULL, @now) FROM user_credits c WHERE user_id = @Id;
                        INSERT INTO credit_grants (user_id, id, source, source_ref, amount, remaining, effective_at, expires_at) VALUES (@Id, @grant, 'pack', @grant::text, 30, 30, @now, @ends)
                        """, new { user.Id, grant = app.NewRun(), now, ends = move == Move.Pack ? now.AddYears(1) : now.AddSeconds(2) });
                    break;
                case Move.SweepExpired:
                    app.Clock.Advance(TimeSpan.FromSeconds(3));
                    await app.ExecuteAsync("SELECT sweep_expired_grants(@now)", new { now = app.Clock.GetUtcNow() });
                    break;
                case Move.Refill:
                    await app.ExecuteAsync("SELECT record_movement(@Id, 100, 0, c.bonus_credits, 'credits_reset', 0, 'refill:' || @op, 'system', '{}', NULL, @now) FROM user_credits c WHERE user_id = @Id", new { user.Id, op = app.NewRun(), now });
                    break;
                case Move.ClawBack:
                    await app.ExecuteAsync("SELECT record_movement(@Id, c.used_credits, c.used_credits, c.bonus_credits, 'credits_clawed_back', 0, 'claw:' || @op, 'stripe', '{}', NULL, @now) FROM user_credits c WHERE user_id = @Id", new { user.Id, op = app.NewRun(), now });
                    break;
                case Move.Freeze or Move.Thaw:
                    await app.ExecuteAsync("UPDATE user_credits SET frozen_at = @at WHERE user_id = @Id", new { user.Id, at = move == Move.Freeze ? now : (DateTimeOffset?)null });
                    break;
                case Move.ByHand:
                    await app.ExecuteAsync("UPDATE user_credits SET used_credits = total_credits WHERE user_id = @Id", new { user.Id });
                    break;
            }
            Assert.Equal("", await FaultsOfAsync(user));
            Assert.True(await app.SpendableAsync(user) >= 0);
            Assert.Equal((move, open.Values.Sum()), (move, await app.HeldAsync(user)));
        }
        foreach (var id in open.Keys)
            await app.ReleaseAsync(user, id);
        Assert.Equal((0, ""), (await app.HeldAsync(user), await FaultsOfAsync(user)));
    }

    private async Task<string> FaultsOfAsync(TestUser user) =>
        string.Join('\n', await app.QueryAsync<string>("SELECT seq || ' ' || fault FROM ledger_faults() WHERE user_id = @Id", new { user.Id }));
}
