using Aurion.Web.Infrastructure.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class RetentionTests(QuietApp app) : IClassFixture<QuietApp>
{
    [Theory]
    [InlineData("tool_sessions", 365, "SELECT count(*) FROM tool_sessions WHERE user_id = @Id")]
    [InlineData("mails", 90, "SELECT count(*) FROM mails WHERE user_id = @Id AND facts <> '{}'")]
    [InlineData("purchases", 90, "SELECT count(*) FROM purchases WHERE user_id = @Id")]
    [InlineData("identity_events", 90, "SELECT count(*) FROM identity_events WHERE subject = @Id::text")]
    [InlineData("signup_networks", 2, "SELECT count(*) FROM signup_networks WHERE subject LIKE @Id::text || '%'")]
    [InlineData("sessions", 30, "SELECT count(*) FROM account_sessions WHERE user_id = @Id AND user_agent = 'old'")]
    public async Task What_is_kept_for_a_time_goes_after_it_and_what_stays_stays(string table, int days, string left)
    {
        app.Clock.StopAt(DateTimeOffset.Parse("2026-03-10T09:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        var user = await app.GivenUserAsync();
        var now = app.Clock.GetUtcNow();
        // Of each kind two rows: one that goes, one that stays for ever because it is paid, waiting or in use.
        await app.ExecuteAsync("""
            INSERT INTO tool_sessions (user_id, id, tool_id, operation_id, credits_consumed, created_at, expires_at)
            VALUES (@Id, gen_random_uuid(), 'text-editor', 'old', 5, @now - interval '1 hour', @now), (@Id, gen_random_uuid(), 'text-editor', 'new', 5, @now, @now + interval '10 years');
            INSERT INTO mails (user_id, source_ref, kind, facts, state, created_at, next_attempt_at, finished_at)
            VALUES (@Id, 'old', 'payment_receipt', '{"cents": 1}', 'sent', @now, @now, @now), (@Id, 'new', 'payment_receipt', '{"cents": 1}', 'waiting', @now, @now, NULL);
            INSERT INTO purchases (user_id, operation_id, kind, pack_id, price_id, credits, amount, status, created_at, expires_at)
            SELECT @Id, gen_random_uuid(), 'pack', pack_id, 'price_1', credits, price_cents, s, @now, @now
              FROM (SELECT * FROM packs ORDER BY pack_id LIMIT 1) AS pack CROSS JOIN unnest(ARRAY['expired', 'complete']) AS s;
            INSERT INTO account_sessions (user_id, id, created_at, expires_at, last_seen_at, user_agent)
            VALUES (@Id, gen_random_uuid(), @now - interval '1 day', @now, @now, 'old'), (@Id, gen_random_uuid(), @now, @now + interval '10 years', @now, 'old');
            INSERT INTO identity_events (provider, event_id, type, subject, occurred_at, received_at)
            SELECT 'clerk', gen_random_uuid()::text, 'user.updated', @Id::text, @now, at FROM unnest(ARRAY[@now, @now + interval '10 years']) AS at;
            INSERT INTO signup_networks (subject, since, accounts) SELECT @Id || at::text, at, 1 FROM unnest(ARRAY[@now, @now + interval '10 years']) AS at
            """, new { user.Id, now });

        app.Clock.StopAt(now.AddDays(days));
        await RunAsync();
        Assert.Equal(2, await app.ScalarAsync<long>(left, user));

        app.Clock.StopAt(now.AddDays(days).AddSeconds(1));
        await RunAsync();
        Assert.True(await app.ScalarAsync<long>(left, user) == 1, $"{table} are kept for {days} days and no longer.");
        Assert.Equal(2, await app.ScalarAsync<long>("SELECT count(*) FROM mails WHERE user_id = @Id", user));
    }

    [Fact]
    public async Task A_session_whose_end_its_provider_has_yet_to_hear_of_is_kept()
    {
        app.Clock.StopAt(DateTimeOffset.Parse("2026-05-10T09:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("""
            INSERT INTO account_sessions (user_id, id, created_at, expires_at, last_seen_at, revoked_at, user_agent, provider_session)
            SELECT @Id, gen_random_uuid(), @now, @now + interval '1 day', @now, @now, 'old', session FROM unnest(ARRAY['sess_1', NULL]) AS session
            """, new { user.Id, now = app.Clock.GetUtcNow() });

        app.Clock.StopAt(app.Clock.GetUtcNow().AddDays(60));
        await RunAsync();

        Assert.Equal(["sess_1"], await app.QueryAsync<string>("SELECT provider_session FROM account_sessions WHERE user_id = @Id AND user_agent = 'old'", user));
    }

    private async Task RunAsync()
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ForgetOldRowsJob>().RunAsync(CancellationToken.None);
    }
}
