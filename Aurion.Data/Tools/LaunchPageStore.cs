using Aurion.Data.Credits;

namespace Aurion.Data.Tools;

/// <summary>What the page of one tool shows, in one round trip.</summary>
public sealed class LaunchPageStore(Database db, CatalogueStore catalogue, TimeProvider clock)
{
    /// <summary>How long an expired session is worth a word.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromDays(1);

    public async Task<LaunchPage?> FindAsync(Guid userId, string toolId, CancellationToken ct = default)
    {
        var tools = await catalogue.ListAsync(ct);
        if (tools.FirstOrDefault(tool => tool.Id == toolId) is not { } asked)
            return null;

        var now = clock.GetUtcNow();
        return await db.ReadAsync(userId, $"""
            SELECT {Balance.Columns}
              FROM {Balance.Tables}
             WHERE c.user_id = @userId;
            SELECT id, created_at AS started_at, expires_at, credits_consumed AS paid
              FROM tool_sessions
             WHERE user_id = @userId AND tool_id = @toolId AND ended_at IS NULL AND expires_at > @now
             ORDER BY expires_at DESC
             LIMIT 1;
            SELECT max(expires_at),
                   (SELECT balance_state(spendable_credits(c, @now) - @cost, c.total_credits) FROM user_credits c WHERE c.user_id = @userId)
              FROM tool_sessions
             WHERE user_id = @userId AND tool_id = @toolId AND ended_at IS NULL AND expires_at > @recently AND expires_at <= @now;
            SELECT n.plan_type AS plan, n.name, n.monthly_price_cents AS monthly_cents, n.credits_monthly AS credits
              FROM plans n
             WHERE n.credits_monthly >= @cost
               AND n.sort > (SELECT own.sort FROM plans own JOIN user_plans p ON p.plan_type = own.plan_type WHERE p.user_id = @userId)
             ORDER BY n.monthly_price_cents
             LIMIT 1
            """, new { toolId, asked.Cost, now, recently = now - Recently },
            async results =>
            {
                var balance = await results.ReadSingleAsync<Balance>();
                var open = await results.ReadSingleOrDefaultAsync<OpenSession>();
                var (lastExpired, stateAfter) = await results.ReadSingleAsync<(DateTimeOffset?, string)>();
                return new LaunchPage(asked, balance, open, lastExpired, stateAfter, await results.ReadSingleOrDefaultAsync<PlanOffer>(),
                    [.. tools.Where(other => other.IsLaunchable && other.Id != toolId).OrderByDescending(other => other.Cost)]);
            }, ct);
    }
}

/// <summary>Everything the page of one tool shows to one person.</summary>
/// <param name="StateAfter">"out", "low" or "": how the balance would be spoken of after a launch.</param>
public sealed record LaunchPage(
    ToolCard Tool, Balance Balance, OpenSession? Open, DateTimeOffset? LastExpired, string StateAfter, PlanOffer? Upgrade, IReadOnlyList<ToolCard> Launchable);

/// <summary>A session of the tool that is running.</summary>
public sealed record OpenSession(Guid Id, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt, int Paid);

/// <summary>The cheapest plan above the reader's own whose credits pay for the tool.</summary>
public sealed record PlanOffer(string Plan, string Name, int MonthlyCents, int Credits);
