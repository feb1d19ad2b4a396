using Dapper;

namespace Aurion.Data.Tools;

/// <summary>A run that one worker has claimed; it is the only one that may write, until somebody else has a higher fence.</summary>
/// <param name="Attempts">How often it was claimed since something of it was last saved.</param>
/// <param name="ExtraPrice">What a call beyond the launch may cost, in credits, as the person agreed.</param>
/// <param name="PictureId">The picture that the person was asked about last; <paramref name="PicturePrice"/>: what it may cost, 0 when it is not to be drawn.</param>
public sealed record ClaimedAgent(Guid UserId, Guid WorkId, Guid SessionId, string Language, long Fence, int Attempts, int ExtraPrice, Guid? PictureId, int PicturePrice);

/// <summary>What a person agrees to when an agent begins or goes on: further calls at most at a price each, or one picture at most at a price.</summary>
/// <param name="PictureId">With <paramref name="Credits"/> 0: this picture is not to be drawn.</param>
public sealed record AgentAgreement(int Calls, Guid? PictureId, int Credits);

/// <summary>What was under way when an agent was stopped: a call of its session, and the picture that was last agreed to.</summary>
public sealed record StoppedAgent(Guid SessionId, Guid? CallId, Guid? PictureId);

/// <summary>A run as its owner sees it; the names of the states stand in 0049_agent_runs.sql. Revision of the piece of work.</summary>
/// <param name="ExtraCalls">Calls beyond its launch that the person agreed to and that are not made yet.</param>
public sealed record AgentRun(Guid SessionId, string State, string? Reason, string? Detail, int ExtraCalls, int Revision);

/// <summary>What an agent has done since a revision, and what its run is from then on. Paid: answers of further calls in it.</summary>
public sealed record AgentProgress(int BaseRevision, string Content, string State, string? Reason, string? Detail, int Paid, string Note, bool IsKept);

/// <summary>Runs of agents: written before anything is done, claimed by one worker at a time, and taken up again when that one dies.</summary>
public sealed class AgentRunStore(Database db, TimeProvider clock)
{
    private const string Mine = "user_id = @UserId AND work_id = @WorkId AND fence = @Fence AND state = 'running'";

    // A call that is given up may have been paid for, or be yet: it counts as one of those that were agreed.
    private const string WithoutGivenUp = """
        greatest(0, a.extra_calls - EXISTS (
            SELECT FROM tool_runs r WHERE r.user_id = a.user_id AND r.id = a.call_id AND r.pays = 'extra' AND r.state <> 'failed')::integer)
        """;

    /// <summary>Begins a run, or goes on with one that waits. False when it runs already, or when the piece was saved since that revision.</summary>
    public async Task<bool> BeginAsync(Guid userId, Guid workId, string toolId, Guid sessionId, string language, int revision, AgentAgreement agreed, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO agent_runs AS a (user_id, work_id, session_id, language, state, extra_calls, extra_price, picture_id, picture_price, lease_until, created_at, updated_at)
            SELECT user_id, id, @sessionId, @language, 'running', @Calls, @extraPrice, @PictureId, @picturePrice, @now, @now, @now
              FROM works WHERE user_id = @userId AND id = @workId AND tool_id = @toolId AND revision = @revision
                ON CONFLICT (user_id, work_id) DO UPDATE
               SET state = 'running', reason = NULL, detail = NULL, language = EXCLUDED.language, session_id = EXCLUDED.session_id,
                   -- What another launch had begun or agreed ended with it.
                   call_id = CASE WHEN a.session_id = EXCLUDED.session_id THEN a.call_id END,
                   extra_calls = CASE WHEN a.session_id = EXCLUDED.session_id THEN a.extra_calls ELSE 0 END + EXCLUDED.extra_calls,
                   extra_price = CASE WHEN EXCLUDED.extra_calls > 0 THEN EXCLUDED.extra_price ELSE a.extra_price END,
                   picture_id = coalesce(EXCLUDED.picture_id, a.picture_id),
                   picture_price = CASE WHEN EXCLUDED.picture_id IS NULL THEN a.picture_price ELSE EXCLUDED.picture_price END,
                   attempts = 0, fence = a.fence + 1, lease_until = EXCLUDED.lease_until, updated_at = EXCLUDED.updated_at
             WHERE a.state <> 'running'
            """, new
        {
            userId,
            workId,
            toolId,
            sessionId,
            language,
            revision,
            agreed.Calls,
            extraPrice = agreed.PictureId is null ? agreed.Credits : 0,
            agreed.PictureId,
            picturePrice = agreed.PictureId is null ? 0 : agreed.Credits,
            now = clock.GetUtcNow(),
        }, cancellationToken: ct)) > 0;
    }

    public Task<AgentRun?> FindAsync(Guid userId, Guid workId, CancellationToken ct = default) =>
        db.FindAsync<AgentRun>(userId, """
            SELECT a.session_id, a.state, a.reason, a.detail, a.extra_calls, w.revision
              FROM agent_runs a JOIN works w ON w.user_id = a.user_id AND w.id = a.work_id
             WHERE a.user_id = @userId AND a.work_id = @workId
            """, new { workId }, ct);

    /// <summary>Runs that nobody carries out, for as long as the lease is renewed.</summary>
    public async Task<IReadOnlyList<ClaimedAgent>> ClaimAsync(int most, TimeSpan lease, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<ClaimedAgent>(new CommandDefinition("""
            UPDATE agent_runs a
               SET fence = a.fence + 1, attempts = a.attempts + 1, lease_until = @now + @lease
              FROM (SELECT user_id, work_id FROM agent_runs WHERE state = 'running' AND lease_until <= @now
                     ORDER BY lease_until, user_id, work_id LIMIT @most FOR UPDATE SKIP LOCKED) due
             WHERE a.user_id = due.user_id AND a.work_id = due.work_id
            RETURNING a.user_id, a.work_id, a.session_id, a.language, a.fence, a.attempts, a.extra_price, a.picture_id, a.picture_price
            """, new { most, lease, now = clock.GetUtcNow() }, cancellationToken: ct));
        return rows.AsList();
    }

    /// <summary>Whether any is carried out, by whichever worker, or waits to be taken up.</summary>
    public async Task<bool> AnyRunningAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("SELECT EXISTS (SELECT FROM agent_runs WHERE state = 'running')", cancellationToken: ct));
    }

    /// <summary>Says that their worker lives; returns those that are still its own.</summary>
    public async Task<IReadOnlyList<long>> RenewAsync(IReadOnlyCollection<ClaimedAgent> agents, TimeSpan lease, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<long>(new CommandDefinition("""
            UPDATE agent_runs a SET lease_until = @now + @lease
              FROM unnest(@users, @works, @fences) WITH ORDINALITY AS i (user_id, work_id, fence, place)
             WHERE a.user_id = i.user_id AND a.work_id = i.work_id AND a.fence = i.fence AND a.state = 'running'
            RETURNING i.place - 1
            """, new
        {
            users = agents.Select(agent => agent.UserId).ToArray(),
            works = agents.Select(agent => agent.WorkId).ToArray(),
            fences = agents.Select(agent => agent.Fence).ToArray(),
            lease,
            now = clock.GetUtcNow(),
        }, cancellationToken: ct));
        return rows.AsList();
    }

    /// <summary>Another worker may take it up at once.</summary>
    public async Task LeaveAsync(ClaimedAgent agent, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            $"UPDATE agent_runs SET lease_until = @now, attempts = attempts - 1 WHERE {Mine}", new { agent.UserId, agent.WorkId, agent.Fence, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>
    /// The id of the call that is to be made for a key: the one that whoever was here before began, else this new one; and how many
    /// further calls are still agreed. Null when the fence is lost.
    /// </summary>
    public async Task<(Guid Id, int ExtraCalls)?> BeginCallAsync(ClaimedAgent agent, string key, Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<(Guid, int)?>(new CommandDefinition($"""
            UPDATE agent_runs a
               SET call_id = CASE WHEN call_key = @key THEN coalesce(call_id, @id) ELSE @id END, call_key = @key,
                   extra_calls = CASE WHEN call_key = @key THEN extra_calls ELSE {WithoutGivenUp} END
             WHERE {Mine} RETURNING call_id, extra_calls
            """, new { agent.UserId, agent.WorkId, agent.Fence, key, id }, cancellationToken: ct));
    }

    /// <summary>The call has failed: the next one has another id.</summary>
    public async Task ForgetCallAsync(ClaimedAgent agent, Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            $"UPDATE agent_runs SET call_id = NULL WHERE {Mine} AND call_id = @id", new { agent.UserId, agent.WorkId, agent.Fence, id }, cancellationToken: ct));
    }

    /// <summary>Saves what was done; the outcomes are those of save_work.sql.</summary>
    public async Task<string> SaveAsync(ClaimedAgent agent, AgentProgress progress, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<string>(new CommandDefinition("""
            SELECT outcome FROM save_agent_work(@UserId, @WorkId, @Fence, @BaseRevision, @Content::jsonb, @Note, @IsKept, @State, @Reason, @Detail, @Paid, @now)
            """, new
        {
            agent.UserId,
            agent.WorkId,
            agent.Fence,
            progress.BaseRevision,
            progress.Content,
            progress.Note,
            progress.IsKept,
            progress.State,
            progress.Reason,
            progress.Detail,
            progress.Paid,
            now = clock.GetUtcNow(),
        }, cancellationToken: ct)) ?? "GONE";
    }

    /// <summary>Has it wait, with a word for why.</summary>
    public async Task WaitAsync(ClaimedAgent agent, string state, string reason, string? detail = null, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            $"UPDATE agent_runs SET state = @state, reason = @reason, detail = @detail, updated_at = @now WHERE {Mine}",
            new { agent.UserId, agent.WorkId, agent.Fence, state, reason, detail, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Its person pauses it: a call that is under way is still answered, and used when it goes on.</summary>
    public async Task PauseAsync(Guid userId, Guid workId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            UPDATE agent_runs SET state = 'paused', reason = NULL, detail = NULL, fence = fence + 1, updated_at = @now
             WHERE user_id = @userId AND work_id = @workId AND state = 'running'
            """, new { userId, workId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Its person stops it; null when there is nothing to stop.</summary>
    public async Task<StoppedAgent?> StopAsync(Guid userId, Guid workId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<StoppedAgent>(new CommandDefinition($"""
            WITH before AS (
                SELECT user_id, work_id, session_id, call_id, picture_id FROM agent_runs
                 WHERE user_id = @userId AND work_id = @workId AND state NOT IN ('stopped', 'done') FOR UPDATE)
            UPDATE agent_runs a
               SET state = 'stopped', reason = NULL, detail = NULL, call_id = NULL, extra_calls = {WithoutGivenUp}, fence = fence + 1, updated_at = @now
              FROM before b WHERE a.user_id = b.user_id AND a.work_id = b.work_id
            RETURNING b.session_id, b.call_id, b.picture_id
            """, new { userId, workId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }
}
