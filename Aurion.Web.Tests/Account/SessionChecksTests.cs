using Aurion.Data.Account;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Account;

public sealed class SessionChecksTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task Many_sessions_are_checked_at_once_and_noted_when_they_were_not_lately()
    {
        var user = await app.GivenUserAsync();
        var now = app.Clock.GetUtcNow();
        var (quiet, lately, ended, expired) = (NewId(), NewId(), NewId(), NewId());
        await app.ExecuteAsync("""
            INSERT INTO account_sessions (user_id, id, created_at, expires_at, last_seen_at, revoked_at) VALUES
                (@Id, @quiet, @now - interval '9 days', @now + interval '1 day', @now - interval '6 minutes', NULL),
                (@Id, @lately, @now - interval '9 days', @now + interval '1 day', @now - interval '4 minutes', NULL),
                (@Id, @ended, @now - interval '9 days', @now + interval '1 day', @now - interval '6 minutes', @now),
                (@Id, @expired, @now - interval '9 days', @now, @now - interval '6 minutes', NULL)
            """, new { user.Id, quiet, lately, ended, expired, now });
        SessionKey[] asked = [.. new[] { ended, quiet, lately, quiet, expired, NewId() }.Select(id => new SessionKey(user.Id, id)), new(NewId(), quiet)];

        var live = await app.Services.GetRequiredService<AccountSessionStore>().AreLiveAsync(asked);

        Assert.Equal([false, true, true, true, false, false, false], live);
        Assert.Equal([quiet], await app.QueryAsync<Guid>("SELECT id FROM account_sessions WHERE user_id = @Id AND last_seen_at >= @now AND created_at < @now", new { user.Id, now }));

        Guid NewId() => Guid.CreateVersion7(now);
    }
}
