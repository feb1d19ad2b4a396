using Dapper;
using Npgsql;

namespace Aurion.Data.Infrastructure;

/// <summary>The key ring of cookies and form tokens. Synchronous, because the framework asks for it so, once a day.</summary>
public sealed class DataProtectionKeyStore(NpgsqlDataSource source, TimeProvider clock)
{
    public IReadOnlyList<string> List()
    {
        using var connection = source.OpenConnection();
        return connection.Query<string>("SELECT xml FROM data_protection_keys ORDER BY id").AsList();
    }

    public void Add(string name, string xml)
    {
        var now = clock.GetUtcNow();
        using var connection = source.OpenConnection();
        connection.Execute(
            "INSERT INTO data_protection_keys (id, name, xml, created_at) VALUES (@id, @name, @xml, @now)",
            new { id = Guid.CreateVersion7(now), name, xml, now });
    }
}
