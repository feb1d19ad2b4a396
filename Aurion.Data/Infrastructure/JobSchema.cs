using Dapper;
using Npgsql;

namespace Aurion.Data.Infrastructure;

/// <summary>The job engine's tables are made by the engine itself, as the owner; here they get the security of all others.</summary>
public static class JobSchema
{
    public const string Name = "jobs";

    /// <summary>Row-level security on every table of the schema, open to the application's role alone.</summary>
    public static async Task SecureAsync(string ownerConnectionString, CancellationToken ct = default)
    {
        await using var connection = new NpgsqlConnection(ownerConnectionString);
        await connection.ExecuteAsync(new CommandDefinition("""
            DO $$
            DECLARE v_table regclass;
            BEGIN
                FOR v_table IN
                    SELECT oid FROM pg_class WHERE relnamespace = 'jobs'::regnamespace AND relkind = 'r'
                LOOP
                    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
                    EXECUTE format('DROP POLICY IF EXISTS service ON %s', v_table);
                    EXECUTE format('CREATE POLICY service ON %s TO aurion_service USING (true) WITH CHECK (true)', v_table);
                    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO aurion_service', v_table);
                END LOOP;
                GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO aurion_service;
            END $$;
            """, cancellationToken: ct));
    }
}
