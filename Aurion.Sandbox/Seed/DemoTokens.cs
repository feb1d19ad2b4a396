using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aurion.Sandbox.Host;
using Dapper;
using Npgsql;

namespace Aurion.Sandbox.Seed;

/// <summary>Signs the demo accounts in for a day: a session row each, and the bearer token that names it.</summary>
internal sealed class DemoTokens(string owner, string issuer, SandboxSecrets secrets, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public async Task<IReadOnlyList<SandboxAccount>> IssueAsync(IEnumerable<string> emails, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(owner);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition("""
            SELECT c.user_id AS UserId, c.email AS Email, p.plan_type AS Plan FROM account_credentials c JOIN user_plans p USING (user_id)
             WHERE c.email = ANY(@emails) ORDER BY array_position(@emails, c.email)
            """, new { emails = emails.ToArray() }, cancellationToken: ct));
        var accounts = new List<SandboxAccount>();
        foreach (var row in rows.AsList())
        {
            var role = row.Email == WebSettings.Administrator ? "admin" : "user";
            accounts.Add(new SandboxAccount(row.Email, secrets.DemoPassword, role, row.Plan, await TokenAsync(connection, row, ct)));
        }
        return accounts;
    }

    private async Task<string> TokenAsync(NpgsqlConnection connection, Row account, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var session = Guid.CreateVersion7(now);
        await connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO account_sessions (user_id, id, created_at, expires_at, last_seen_at, user_agent)
            VALUES (@UserId, @session, @now, @expires, @now, 'sandbox state file')
            """, new { account.UserId, session, now, expires = now + Lifetime }, cancellationToken: ct));
        return Sign(new
        {
            iss = issuer,
            aud = "authenticated",
            sub = account.UserId,
            email = account.Email,
            role = "authenticated",
            sid = session,
            iat = now.ToUnixTimeSeconds(),
            exp = (now + Lifetime).ToUnixTimeSeconds(),
        });
    }

    private string Sign(object claims)
    {
        var content = Encode("""{"alg":"HS256","typ":"JWT"}"""u8) + "." + Encode(JsonSerializer.SerializeToUtf8Bytes(claims));
        return content + "." + Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secrets.JwtSecret), Encoding.ASCII.GetBytes(content)));
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private sealed record Row(Guid UserId, string Email, string Plan);
}
