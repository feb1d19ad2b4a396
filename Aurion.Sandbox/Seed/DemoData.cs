using Aurion.Sandbox.Look;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Aurion.Sandbox.Seed;

/// <summary>Puts the demo people and their history into an empty database, in one transaction.</summary>
internal sealed class DemoData(string owner, TimeProvider clock)
{
    private const int Iterations = 210_000;

    /// <summary>Does nothing where the demo accounts are there already.</summary>
    public async Task SeedAsync(string password, IReadOnlyList<DemoPerson> people, IReadOnlyList<StripeMoment> moments, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(Assets.Text("Seed/sql/demo_history.sql"));
        await CopyPeopleAsync(connection, people, ct);
        await CopyLaunchesAsync(connection, people, ct);
        await CopyMomentsAsync(connection, moments, ct);
        await connection.ExecuteAsync("SELECT pg_temp.live_demo_history(@hash, @now)", new { hash = Hash(password), now = clock.GetUtcNow() }, commandTimeout: 120);
        await transaction.CommitAsync(ct);
        // Without figures the planner takes the tables for empty.
        await connection.ExecuteAsync("ANALYZE usage_logs, tool_sessions, user_credits, user_plans, profiles");
    }

    public async Task<bool> IsSeededAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(owner);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM account_credentials WHERE email LIKE '%@demo.aurion.test')", cancellationToken: ct));
    }

    private static async Task CopyPeopleAsync(NpgsqlConnection connection, IReadOnlyList<DemoPerson> people, CancellationToken ct)
    {
        await using var rows = await connection.BeginBinaryImportAsync("COPY demo_people (id, email, full_name, locale, joined_at) FROM STDIN (FORMAT BINARY)", ct);
        foreach (var person in people)
            await rows.WriteRowAsync(ct, person.Id, person.Email, person.FullName, person.Locale, person.JoinedAt.ToUniversalTime());
        await rows.CompleteAsync(ct);
    }

    private static async Task CopyLaunchesAsync(NpgsqlConnection connection, IReadOnlyList<DemoPerson> people, CancellationToken ct)
    {
        var random = new DemoRandom(7);
        await using var rows = await connection.BeginBinaryImportAsync("COPY demo_launches (at, user_id, tool, session_id) FROM STDIN (FORMAT BINARY)", ct);
        foreach (var (person, launch) in people.SelectMany(person => person.Launches.Select(launch => (person, launch))))
            await rows.WriteRowAsync(ct, launch.At.ToUniversalTime(), person.Id, launch.Tool, random.Id(launch.At));
        await rows.CompleteAsync(ct);
    }

    private static async Task CopyMomentsAsync(NpgsqlConnection connection, IReadOnlyList<StripeMoment> moments, CancellationToken ct)
    {
        await using var rows = await connection.BeginBinaryImportAsync("COPY demo_stripe (at, snapshot) FROM STDIN (FORMAT BINARY)", ct);
        foreach (var moment in moments)
        {
            await rows.StartRowAsync(ct);
            await rows.WriteAsync(moment.At.ToUniversalTime(), ct);
            await rows.WriteAsync(moment.Snapshot.ToJsonString(), NpgsqlDbType.Jsonb, ct);
        }
        await rows.CompleteAsync(ct);
    }

    // One hash for all: each costs a tenth of a second, on purpose.
    private static string Hash(string password) =>
        new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = Iterations })).HashPassword(new object(), password);
}
