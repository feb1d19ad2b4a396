using Dapper;

namespace Aurion.Data.Infrastructure;

/// <summary>What a job could not do: for one row (its subject), or as a whole (an empty subject).</summary>
public sealed record JobFailure(string Job, string Subject, string Error, int Times, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>How many subjects a job failed for.</summary>
public sealed record FailingJob(string Job, int Count);

/// <summary>The failures of jobs that isolate what fails and go on, kept for the operator for a week after they were last seen.</summary>
public sealed class JobFailureStore(Database db, TimeProvider clock)
{
    private const int LongestError = 500;

    public async Task ReportAsync(string job, string subject, string error, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            DELETE FROM job_failures WHERE last_at < @now - interval '7 days';
            INSERT INTO job_failures AS f (job, subject, error, times, first_at, last_at) VALUES (@job, @subject, left(@error, @LongestError), 1, @now, @now)
            ON CONFLICT (job, subject) DO UPDATE SET error = EXCLUDED.error, times = f.times + 1, last_at = EXCLUDED.last_at
            """, new { job, subject, error, LongestError, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    public async Task RemoveAsync(string job, string subject, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM job_failures WHERE job = @job AND subject = @subject", new { job, subject }, cancellationToken: ct));
    }

    /// <summary>The latest, newest first.</summary>
    public async Task<IReadOnlyList<JobFailure>> ListAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<JobFailure>(new CommandDefinition("""
            SELECT job, subject, error, times, first_at, last_at FROM job_failures ORDER BY last_at DESC, job, subject LIMIT 200
            """, cancellationToken: ct))).AsList();
    }

    /// <summary>Of each job that failed within the time given for it, how many subjects.</summary>
    public async Task<IReadOnlyList<FailingJob>> CountRecentAsync(string[] jobs, TimeSpan[] within, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<FailingJob>(new CommandDefinition("""
            SELECT f.job, count(*)::int AS count
              FROM unnest(@jobs, @within) AS asked (job, within)
              JOIN job_failures f ON f.job = asked.job AND f.last_at > @now - asked.within
             GROUP BY f.job
             ORDER BY f.job
            """, new { jobs, within, now = clock.GetUtcNow() }, cancellationToken: ct))).AsList();
    }
}
