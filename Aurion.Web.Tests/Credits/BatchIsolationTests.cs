using Aurion.Web.Billing;
using Aurion.Web.Credits.Ledger;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Credits;

public sealed class BatchIsolationTests(QuietApp app) : IClassFixture<QuietApp>
{
    [Fact]
    public async Task A_refill_key_that_is_taken_stops_its_own_account_only()
    {
        var users = await GivenUsersAsync(At("2026-01-15T08:00:00Z"));
        var broken = users[2];
        app.Clock.StopAt(At("2026-02-15T08:00:00Z"));
        await app.ExecuteAsync("""
            SELECT record_movement(user_id, total_credits, used_credits, bonus_credits, 'credits_reset', 0, 'refill:2026-02-15', 'system', '{}', NULL, @now)
              FROM user_credits WHERE user_id = @Id
            """, new { broken.Id, now = app.Clock.GetUtcNow() });

        await RunAsync<RefillCreditsJob>();

        foreach (var user in users)
            Assert.Equal(user == broken ? 10 : 100, await app.ScalarAsync<int>("SELECT total_credits - used_credits FROM user_credits WHERE user_id = @Id", user));
        await AssertReportedAsync(nameof(RefillCreditsJob), broken, "usage_logs_operation_idx");
    }

    [Fact]
    public async Task A_grant_that_cannot_be_closed_stops_its_own_account_only()
    {
        var users = await GivenUsersAsync(At("2026-03-15T08:00:00Z"));
        var broken = users[2];
        foreach (var user in users)
            await app.ExecuteAsync("""
                INSERT INTO credit_grants (user_id, id, source, source_ref, amount, remaining, effective_at, expires_at)
                VALUES (@Id, gen_random_uuid(), 'promotion', 'spring', 70, 70, @now, @now + interval '1 day');
                SELECT record_movement(user_id, total_credits, used_credits, CASE WHEN @whole THEN 70 ELSE 30 END, 'credits_granted', 0, 'grant:spring', 'test', '{}', NULL, @now)
                  FROM user_credits WHERE user_id = @Id
                """, new { user.Id, whole = user != broken, now = app.Clock.GetUtcNow() });
        app.Clock.StopAt(At("2026-03-17T08:00:00Z"));

        await RunAsync<SweepExpiredGrantsJob>();

        foreach (var user in users)
            Assert.Equal(user == broken ? 70 : 0, await app.ScalarAsync<int>("SELECT remaining FROM credit_grants WHERE user_id = @Id", user));
        await AssertReportedAsync(nameof(SweepExpiredGrantsJob), broken, "bonus_credits");
    }

    private async Task<TestUser[]> GivenUsersAsync(DateTimeOffset now)
    {
        app.Clock.StopAt(now);
        var users = new List<TestUser>();
        for (var i = 0; i < 5; i++)
            users.Add(await app.GivenUserAsync(credits: 10));
        return [.. users];
    }

    private async Task RunAsync<TJob>() where TJob : class, IJob
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TJob>().RunAsync(CancellationToken.None);
    }

    private async Task AssertReportedAsync(string job, TestUser broken, string error)
    {
        var (subject, told) = Assert.Single(await app.QueryAsync<(string, string)>("SELECT subject, error FROM job_failures WHERE job = @job", new { job }));
        Assert.Equal($"user {broken.Id}", subject);
        Assert.Contains(error, told, StringComparison.Ordinal);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
