using Aurion.Data.Ai;
using Aurion.Web.Tests.Infrastructure;
using Dapper;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;

namespace Aurion.Web.Tests.Ai;

/// <summary>A run alone of its account takes the short statement of hold_credits and close_holds, two of one account the exact loop: both say and write the same.</summary>
public sealed class GroupedMeterTests(MeterApp app) : IClassFixture<MeterApp>
{
    private const int Lives = 150;
    private static readonly string[] Plans = ["free", "starter", "plus", "pro"];
    private static readonly string[] Tools = ["ai-chat", "image-generation", "code-generation", "text-editor", "no-tool"];
    private static readonly string?[] Models = [MeterApp.Flat, MeterApp.Metered, "openai/gpt-5", "no-model", null];

    /// <summary>An account and the runs that it asks for. Figures are indexes or credits.</summary>
    public sealed record Life(int Plan, int Spent, int Pack, int DailyCap, bool IsFrozen, (int Tool, int Model, int Units, int Tokens, int Delivered)[] Runs);

    [Fact]
    public void The_short_statement_and_the_loop_agree()
    {
        var run = from tool in Gen.Frequency((3, Gen.Constant(0)), (4, Gen.Constant(1)), (1, Gen.Choose(2, Tools.Length - 1)))
                  from model in Gen.Frequency((4, Gen.Choose(0, 1)), (1, Gen.Choose(2, Models.Length - 1)))
                  from units in Gen.Frequency((3, Gen.Constant(1)), (2, Gen.Choose(0, 6)))
                  from tokens in Gen.Choose(0, 4000)
                  from delivered in Gen.Choose(0, 3)
                  select (tool, model, units, tokens, delivered);
        var lives = from plan in Gen.Choose(0, Plans.Length - 1)
                    from spent in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(80, 100)))
                    from pack in Gen.Elements(0, 0, 5, 40)
                    from cap in Gen.Elements(0, 0, 0, 8)
                    from frozen in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
                    from runs in run.ArrayOf(6)
                    select new Life(plan, spent, pack, cap, frozen, runs);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Lives).WithReplay(20261130, 9),
            Prop.ForAll(Arb.From(lives), life => Task.Run(() => CompareAsync(life)).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task A_run_is_looked_up_by_its_key_however_many_runs_there_are()
    {
        var (user, other, now) = (await app.GivenUserAsync(100), await app.GivenUserAsync(100), app.Clock.GetUtcNow());
        await app.ExecuteAsync("""
            INSERT INTO credit_holds (user_id, id, tool_id, units, ceiling, state, created_at, expires_at, closed_at)
            SELECT @Id, gen_random_uuid(), 'ai-chat', 1, 1, 'settled', @now::timestamptz - interval '40 days', @now, @now FROM generate_series(1, 2000);
            INSERT INTO credit_holds (user_id, id, tool_id, units, ceiling, created_at, expires_at)
            SELECT @otherId, gen_random_uuid(), 'ai-chat', 1, 1, @now, @now::timestamptz + interval '1 day' FROM generate_series(1, 2000)
            """, new { user.Id, otherId = other.Id, now });

        await using var connection = new NpgsqlConnection(app.OwnerConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var read = (await connection.QueryAsync<long>("""
            SELECT count(*) FROM hold_credits(ARRAY[@Id], ARRAY[@run], ARRAY['ai-chat'], ARRAY[@model], ARRAY[1], ARRAY[9], ARRAY[9], ARRAY[@now::timestamptz], @now::timestamptz + interval '1 hour', @now) WHERE outcome = 'HELD'
             UNION ALL
            SELECT count(*) FROM close_holds(ARRAY[@Id], ARRAY[@run], ARRAY[1], ARRAY[9], ARRAY[9], ARRAY[60::bigint], ARRAY['gen'], ARRAY[NULL::text], @now) WHERE outcome = 'SETTLED'
             UNION ALL
            SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'credit_holds'
            """, new { user.Id, run = app.NewRun(), model = MeterApp.Flat, now }, transaction)).AsList();

        Assert.Equal([1, 1], read[..2]);
        Assert.InRange(read[2], 1, 10);
    }

    private async Task CompareAsync(Life life)
    {
        var alone = await LiveAsync(life, isAlone: true);
        var looped = await LiveAsync(life, isAlone: false);
        Assert.Equal(looped, alone);
    }

    private async Task<List<string>> LiveAsync(Life life, bool isAlone)
    {
        var user = await app.GivenUserAsync(100);
        var now = app.Clock.GetUtcNow();
        await app.ExecuteAsync("""
            UPDATE user_plans SET plan_type = @plan WHERE user_id = @Id;
            UPDATE user_credits SET used_credits = @spent, frozen_at = @frozen, daily_cap = @cap WHERE user_id = @Id;
            SELECT record_movement(@Id, c.total_credits, c.used_credits, @pack, 'credits_purchased', 0, 'pack', 'system', '{}', NULL, @now) FROM user_credits c WHERE user_id = @Id AND @pack > 0;
            INSERT INTO credit_grants (user_id, id, source, source_ref, amount, remaining, effective_at, expires_at) SELECT @Id, @grant, 'pack', @grant::text, @pack, @pack, @now, @now::timestamptz + interval '1 year' WHERE @pack > 0
            """, new { user.Id, plan = Plans[life.Plan], spent = life.Spent, frozen = life.IsFrozen ? now : (DateTimeOffset?)null, cap = life.DailyCap == 0 ? null : (int?)life.DailyCap, pack = life.Pack, grant = app.NewRun(), now });

        var seen = new List<string>();
        foreach (var (tool, model, units, tokens, delivered) in life.Runs)
        {
            var id = app.NewRun();
            var real = new HoldRequest(user.Id, id, Tools[tool], Models[model], units, tokens, tokens, now);
            HoldRequest[] group = isAlone ? [real] : [real with { Id = app.NewRun(), ToolId = "no-tool" }, real];
            var held = (await app.Holds.HoldAsync(group, TimeSpan.FromMinutes(2)))[^1];
            seen.Add(held.ToString());

            var ids = isAlone ? new[] { id } : [app.NewRun(), id];
            seen.Add(await app.ScalarAsync<string>("""
                SELECT outcome || ' ' || credits || ' ' || coalesce(seq, 0)
                  FROM close_holds(array_fill(@Id, ARRAY[@n]), @ids, array_fill(@delivered, ARRAY[@n]), array_fill(@tokens, ARRAY[@n]), array_fill(@tokens * 2, ARRAY[@n]),
                                   array_fill(60::bigint, ARRAY[@n]), array_fill('gen'::text, ARRAY[@n]), array_fill('because'::text, ARRAY[@n]), @now)
                 ORDER BY place DESC LIMIT 1
                """, new { user.Id, ids, n = ids.Length, delivered, tokens, now }));
        }
        seen.AddRange(await app.QueryAsync<string>("SELECT concat_ws(' ', seq, action_type, credits_used, delta, balance_after, actor, metadata - 'run', buckets - 'grants') FROM usage_logs WHERE user_id = @Id ORDER BY seq", new { user.Id }));
        seen.AddRange(await app.QueryAsync<string>("SELECT concat_ws(' ', tool_id, model_id, price_version, plan_type, units, ceiling, state, credits, lost_credits, reason, prompt_tokens, completion_tokens, cost_microusd, generation_id) FROM credit_holds WHERE user_id = @Id ORDER BY id", new { user.Id }));
        seen.AddRange(await app.QueryAsync<string>("SELECT concat_ws(' ', total_credits, used_credits, bonus_credits, held_credits, ledger_seq) FROM user_credits WHERE user_id = @Id", new { user.Id }));
        seen.AddRange(await app.QueryAsync<string>("SELECT seq || ' ' || fault FROM ledger_faults() WHERE user_id = @Id", new { user.Id }));
        return seen;
    }
}
