using Aurion.Web.Tests.Infrastructure;
using Aurion.Web.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Credits;

public sealed class GrantsAndRefundsTests(QuietApp app) : IClassFixture<QuietApp>
{
    [Fact]
    public async Task The_plan_is_spent_first_then_the_grant_that_expires_first()
    {
        var user = await app.GivenUserAsync(credits: 20);
        await GrantAsync(user, "late", 100, expiresInDays: 60);
        await GrantAsync(user, "soon", 25, expiresInDays: 5);
        await GrantAsync(user, "never", 100, expiresInDays: null);

        Assert.IsType<LaunchResult.Launched>(await LaunchAsync(user, "app-builder", "mixed"));

        Assert.Equal([("late", 95), ("never", 100), ("soon", 0)], await RemainingAsync(user));
        Assert.Equal((100, 195), await app.ScalarPairAsync("SELECT used_credits, bonus_credits FROM user_credits WHERE user_id = @Id", user));
        await BooksHoldAsync();
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public async Task A_grant_cannot_be_spent_from_the_instant_it_expires(int secondsAfter, bool launched)
    {
        app.Clock.StopAt(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var user = await app.GivenUserAsync(credits: 0);
        await GrantAsync(user, "short", 50, expiresInDays: 1);
        app.Clock.StopAt(new DateTimeOffset(2026, 5, 2, 0, 0, 0, TimeSpan.Zero).AddSeconds(secondsAfter));

        Assert.Equal(launched, await LaunchAsync(user, "app-builder", "edge") is LaunchResult.Launched);
    }

    [Fact]
    public async Task The_sweep_writes_one_closing_line_however_often_it_runs()
    {
        app.Clock.StopAt(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var user = await app.GivenUserAsync(credits: 0);
        await GrantAsync(user, "short", 50, expiresInDays: 1);
        var later = app.Clock.GetUtcNow().AddDays(2);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.ExecuteAsync("SELECT sweep_expired_grants(@later)", new { later })));

        Assert.Equal(-50, await app.ScalarAsync<long>("SELECT sum(delta) FROM usage_logs WHERE user_id = @Id AND action_type = 'credits_expired'", user));
        await BooksHoldAsync();
    }

    [Fact]
    public async Task Credits_that_came_back_to_a_closed_grant_expire_a_second_time()
    {
        app.Clock.StopAt(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var user = await app.GivenUserAsync(credits: 0);
        await GrantAsync(user, "short", 50, expiresInDays: 1);
        var later = app.Clock.GetUtcNow().AddDays(2);
        await app.ExecuteAsync("SELECT sweep_expired_grants(@later)", new { later });
        await app.ExecuteAsync("""
            UPDATE credit_grants SET expired = 0, remaining = 50 WHERE user_id = @Id;
            SELECT record_movement(user_id, total_credits, used_credits, bonus_credits + 50, 'credits_restored', 0, 'back', 'test', '{}', NULL, @later) FROM user_credits WHERE user_id = @Id
            """, new { user.Id, later });

        await app.ExecuteAsync("SELECT sweep_expired_grants(@later)", new { later });

        Assert.Equal(0, await app.ScalarAsync<int>("SELECT bonus_credits FROM user_credits WHERE user_id = @Id", user));
        await BooksHoldAsync();
    }

    [Theory]
    [InlineData("adjust_user_credits(@Id, -30, 'Taken back', gen_random_uuid(), @operation, @now)", "adjust:")]
    [InlineData("record_movement(@Id, 40, 0, 0, 'credits_clawed_back', 0, 'claw:' || @operation, 'stripe', '{}', NULL, @now)", "claw:")]
    public async Task Only_a_spend_is_refunded(string taking, string prefix)
    {
        var user = await app.GivenUserAsync();
        var (operation, now) = (Guid.CreateVersion7(app.Clock.GetUtcNow()), app.Clock.GetUtcNow());
        await app.ExecuteAsync($"SELECT {taking}", new { user.Id, operation, now });
        var before = await app.ScalarPairAsync("SELECT used_credits, bonus_credits FROM user_credits WHERE user_id = @Id", user);

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            app.ExecuteAsync("SELECT refund_user_credits(@Id, @operation, 'by mistake', @now)", new { user.Id, operation = prefix + operation, now }));

        Assert.Contains("is no spend", refused.MessageText, StringComparison.Ordinal);
        Assert.Equal(before, await app.ScalarPairAsync("SELECT used_credits, bonus_credits FROM user_credits WHERE user_id = @Id", user));
        await BooksHoldAsync();
    }

    [Fact]
    public async Task A_movement_that_was_recorded_before_is_refused_and_takes_back_what_its_caller_did()
    {
        var user = await app.GivenUserAsync(credits: 0);
        await GrantAsync(user, "once", 50, expiresInDays: null);

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => app.ExecuteAsync("""
            WITH taken AS (UPDATE credit_grants SET remaining = 20 WHERE user_id = @Id)
            SELECT record_movement(user_id, total_credits, used_credits, bonus_credits - 30, 'credits_clawed_back', 0, 'grant:once', 'test', '{}', NULL, @now) FROM user_credits WHERE user_id = @Id
            """, new { user.Id, now = app.Clock.GetUtcNow() }));

        Assert.Contains("is in the ledger already", refused.MessageText, StringComparison.Ordinal);
        Assert.Equal([("once", 50)], await RemainingAsync(user));
        await BooksHoldAsync();
    }

    [Fact]
    public async Task A_refund_goes_back_where_it_came_from_once()
    {
        var user = await app.GivenUserAsync(credits: 20);
        await GrantAsync(user, "pack", 100, expiresInDays: 60);
        await LaunchAsync(user, "app-builder", "failed");

        var given = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            app.ScalarAsync<int>("SELECT refund_user_credits(@Id, 'launch:failed', 'tool crashed', @now)", new { user.Id, now = app.Clock.GetUtcNow() })));

        Assert.Equal(50, given.Sum());
        Assert.Equal([("pack", 100)], await RemainingAsync(user));
        Assert.Equal((80, 100), await app.ScalarPairAsync("SELECT used_credits, bonus_credits FROM user_credits WHERE user_id = @Id", user));
        Assert.Equal(0, await app.ScalarAsync<long>("SELECT count(*) FROM tool_sessions WHERE user_id = @Id AND ended_at IS NULL", user));
        await BooksHoldAsync();
    }

    [Fact]
    public async Task What_came_from_a_bucket_that_has_ended_stays_spendable_for_a_day()
    {
        app.Clock.StopAt(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var user = await app.GivenUserAsync(credits: 50);
        await LaunchAsync(user, "app-builder", "old");
        var later = app.Clock.GetUtcNow().AddMonths(1).AddHours(1);
        await app.ExecuteAsync("SELECT reset_monthly_credits(@later)", new { later });

        await app.ExecuteAsync("SELECT refund_user_credits(@Id, 'launch:old', 'late', @later)", new { user.Id, later });

        Assert.Equal((0, 50), await app.ScalarPairAsync("SELECT used_credits, bonus_credits FROM user_credits WHERE user_id = @Id", user));
        Assert.Equal(later.AddHours(24), await app.ScalarAsync<DateTimeOffset>("SELECT expires_at FROM credit_grants WHERE user_id = @Id", user));
        await BooksHoldAsync();
    }

    [Fact]
    public async Task A_frozen_account_spends_its_packs_and_not_its_plan()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("UPDATE user_credits SET frozen_at = @now WHERE user_id = @Id", new { user.Id, now = app.Clock.GetUtcNow() });
        Assert.IsType<LaunchResult.AccountFrozen>(await LaunchAsync(user, "text-editor", "one"));

        await GrantAsync(user, "pack", 5, expiresInDays: null);

        Assert.IsType<LaunchResult.Launched>(await LaunchAsync(user, "text-editor", "two"));
        Assert.Equal((0, 0), await app.ScalarPairAsync("SELECT used_credits, bonus_credits FROM user_credits WHERE user_id = @Id", user));
        await BooksHoldAsync();
    }

    private Task<LaunchResult> LaunchAsync(TestUser user, string toolId, string operation) =>
        app.Services.GetRequiredService<ToolLauncher>().LaunchAsync(user.Id, null, toolId, operation, newSession: true, CancellationToken.None);

    private Task<int> GrantAsync(TestUser user, string reference, int amount, int? expiresInDays) => app.ExecuteAsync("""
        WITH added AS (
            INSERT INTO credit_grants (user_id, id, source, source_ref, amount, remaining, effective_at, expires_at)
            VALUES (@Id, gen_random_uuid(), 'test', @reference, @amount, @amount, @now, @now + make_interval(days => @expiresInDays)))
        SELECT record_movement(user_id, total_credits, used_credits, bonus_credits + @amount, 'credits_granted', 0, 'grant:' || @reference, 'test', '{}', NULL, @now)
          FROM user_credits WHERE user_id = @Id
        """, new { user.Id, reference, amount, expiresInDays, now = app.Clock.GetUtcNow() });

    private async Task<IReadOnlyList<(string, int)>> RemainingAsync(TestUser user) =>
        await app.QueryAsync<(string, int)>("SELECT source_ref, remaining FROM credit_grants WHERE user_id = @Id ORDER BY source_ref", user);

    private async Task BooksHoldAsync() => Assert.Empty(await app.QueryAsync<string>("SELECT user_id || ' ' || seq || ' ' || fault FROM ledger_faults()"));
}
