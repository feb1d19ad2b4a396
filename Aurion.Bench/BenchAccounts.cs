using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Aurion.Bench;

/// <summary>Accounts made for the load, each with a sign-in and more credits than a run can spend.</summary>
internal sealed record BenchAccounts(IReadOnlyList<Guid> Ids, IReadOnlyList<string> Tokens)
{
    private const int AtOnce = 5_000;

    public BenchAccounts Take(int count) => new([.. Ids.Take(count)], [.. Tokens.Take(count)]);

    public static async Task<BenchAccounts> PrepareAsync(BenchTarget target, int count)
    {
        await using var source = target.Connect(1);
        var ids = await CreateAsync(source, "bench", count);
        await using var fill = source.CreateCommand("""
            INSERT INTO account_sessions (user_id, id, created_at, expires_at, last_seen_at)
            SELECT id, id, now(), now() + interval '7 days', now() FROM profiles WHERE email LIKE 'bench-%@bench.aurion.test'
                ON CONFLICT DO NOTHING;
            UPDATE user_credits SET total_credits = 100000000, used_credits = 0
             WHERE user_id IN (SELECT id FROM profiles WHERE email LIKE 'bench-%@bench.aurion.test') AND total_credits - used_credits < 50000000
            """);
        await fill.ExecuteNonQueryAsync();
        // Every run begins alike: nobody has a session open, and nothing waits to be vacuumed.
        await using var close = source.CreateCommand("DELETE FROM tool_sessions WHERE user_id IN (SELECT id FROM profiles WHERE email LIKE 'bench-%@bench.aurion.test')");
        await close.ExecuteNonQueryAsync();
        foreach (var table in (string[])["user_credits", "tool_sessions", "account_sessions", "usage_logs"])
        {
            await using var vacuum = source.CreateCommand("VACUUM ANALYZE " + table);
            await vacuum.ExecuteNonQueryAsync();
        }
        await using var checkpoint = source.CreateCommand("CHECKPOINT");
        await checkpoint.ExecuteNonQueryAsync();

        return new BenchAccounts(ids, [.. ids.Select(id => Token(target, id))]);
    }

    /// <summary>So many people of a name, who are made unless they are there.</summary>
    public static async Task<IReadOnlyList<Guid>> CreateAsync(NpgsqlDataSource source, string name, int count)
    {
        await using var create = source.CreateCommand("""
            WITH people AS (SELECT md5($1 || i)::uuid AS id, $1 || '-' || i || '@bench.aurion.test' AS email FROM generate_series($2, $3) AS i),
                 made AS (INSERT INTO auth.users (id, email, created_at) SELECT id, email, now() FROM people ON CONFLICT (id) DO NOTHING)
            SELECT id FROM people
            """);
        create.Parameters.Add(new() { Value = name });
        create.Parameters.Add(new() { Value = 0 });
        create.Parameters.Add(new() { Value = 0 });
        create.CommandTimeout = 0;
        var ids = new List<Guid>(count);
        // In parts: the triggers of one statement wait in memory until its end.
        for (var first = 1; first <= count; first += AtOnce)
        {
            create.Parameters[1].Value = first;
            create.Parameters[2].Value = Math.Min(count, first + AtOnce - 1);
            await using var rows = await create.ExecuteReaderAsync();
            while (await rows.ReadAsync())
                ids.Add(rows.GetGuid(0));
        }
        return ids;
    }

    private static string Token(BenchTarget target, Guid id)
    {
        var now = TimeProvider.System.GetUtcNow();
        var body = Part(new { alg = "HS256", typ = "JWT" }) + "." + Part(new
        {
            iss = target.Web.GetLeftPart(UriPartial.Authority),
            aud = "authenticated",
            sub = id.ToString(),
            email = string.Create(CultureInfo.InvariantCulture, $"{id:N}@bench.aurion.test"),
            role = "authenticated",
            sid = id.ToString(),
            iat = now.ToUnixTimeSeconds(),
            exp = now.AddDays(1).ToUnixTimeSeconds(),
        });
        return body + "." + Base64(HMACSHA256.HashData(Encoding.UTF8.GetBytes(target.JwtSecret), Encoding.ASCII.GetBytes(body)));
    }

    private static string Part(object value) => Base64(JsonSerializer.SerializeToUtf8Bytes(value));

    private static string Base64(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
