using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Aurion.Bench;

/// <summary>Accounts made for the load, each with a sign-in and more credits than a run can spend.</summary>
internal sealed record BenchAccounts(IReadOnlyList<Guid> Ids, IReadOnlyList<string> Tokens)
{
    public static async Task<BenchAccounts> PrepareAsync(BenchTarget target, int count)
    {
        await using var source = target.Connect(1);
        await using var create = source.CreateCommand("""
            INSERT INTO auth.users (id, email, created_at)
            SELECT md5('bench' || i)::uuid, 'bench-' || i || '@bench.aurion.test', now() FROM generate_series(1, $1) AS i
                ON CONFLICT (id) DO NOTHING;
            """);
        create.Parameters.Add(new() { Value = count });
        await create.ExecuteNonQueryAsync();
        await using var fill = source.CreateCommand("""
            INSERT INTO account_sessions (user_id, id, created_at, expires_at, last_seen_at)
            SELECT id, id, now(), now() + interval '7 days', now() FROM profiles WHERE email LIKE 'bench-%@bench.aurion.test'
                ON CONFLICT DO NOTHING;
            UPDATE user_credits SET total_credits = 100000000, used_credits = 0
             WHERE user_id IN (SELECT id FROM profiles WHERE email LIKE 'bench-%@bench.aurion.test') AND total_credits - used_credits < 50000000
            """);
        await fill.ExecuteNonQueryAsync();
        await using var analyze = source.CreateCommand("VACUUM ANALYZE user_credits");
        await analyze.ExecuteNonQueryAsync();

        var ids = new List<Guid>(count);
        await using var read = source.CreateCommand("SELECT id FROM profiles WHERE email LIKE 'bench-%@bench.aurion.test' LIMIT $1");
        read.Parameters.Add(new() { Value = count });
        await using var rows = await read.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            ids.Add(rows.GetGuid(0));
        return new BenchAccounts(ids, ids.ConvertAll(id => Token(target, id)));
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
