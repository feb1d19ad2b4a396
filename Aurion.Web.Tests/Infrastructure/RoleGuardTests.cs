using Dapper;
using Npgsql;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class RoleGuardTests
{
    [Theory]
    [InlineData("SUPERUSER", "is a superuser")]
    [InlineData("BYPASSRLS", "bypasses row-level security")]
    [InlineData("OWNER", "owns tables")]
    public async Task A_role_that_row_level_security_cannot_hold_is_refused_at_start(string power, string reason)
    {
        var owner = await TestDatabases.CreateAsync();
        try
        {
            var (exitCode, output) = await WebProcess.RunAsync([], Environment(await CreateRoleAsync(owner, power)));

            Assert.Equal(1, exitCode);
            Assert.Contains("ConnectionStrings__Aurion is refused", output);
            Assert.Contains(reason, output);
        }
        finally
        {
            await TestDatabases.DropAsync(owner);
        }
    }

    private static async Task<string> CreateRoleAsync(string owner, string power)
    {
        var role = "too_powerful_" + power.ToLowerInvariant();
        await using var connection = new NpgsqlConnection(owner);
        await connection.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'p' {(power == "OWNER" ? "" : power)}");
        await connection.ExecuteAsync(power == "OWNER" ? $"CREATE TABLE mine (); ALTER TABLE mine OWNER TO {role}" : $"GRANT aurion_service TO {role}");
        return new NpgsqlConnectionStringBuilder(owner) { Username = role, Password = "p" }.ConnectionString;
    }

    private static Dictionary<string, string?> Environment(string connectionString) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["ConnectionStrings__Aurion"] = connectionString,
        ["AURION_PUBLIC_URL"] = "http://127.0.0.1:5080",
        ["AURION_TOOLS_ORIGIN"] = "http://127.0.0.1:5085",
        ["JWT_SECRET"] = "sandbox-secret-of-the-test-run-0123456789",
        ["STRIPE_SECRET_KEY"] = "sk_test_sandbox_tests",
        ["STRIPE_API_BASE"] = "http://127.0.0.1:9",
    };
}
