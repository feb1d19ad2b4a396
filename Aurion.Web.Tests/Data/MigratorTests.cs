using Aurion.Data;
using Aurion.Web.Tests.Infrastructure;
using Dapper;
using Npgsql;

namespace Aurion.Web.Tests.Data;

public sealed class MigratorTests
{
    [Fact]
    public async Task Eight_servers_that_migrate_at_once_apply_each_migration_once()
    {
        var owner = await (await TestDatabases.ServerAsync()).CreateDatabaseAsync();

        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new Migrator(owner).MigrateAsync())));

        Assert.Equal(Migrator.Migrations, applied.SelectMany(names => names).Order(StringComparer.Ordinal));
        await TestDatabases.DropAsync(owner);
    }

    [Fact]
    public async Task A_function_changed_by_hand_is_the_files_again_after_the_next_run()
    {
        var owner = await TestDatabases.CreateAsync();
        await using var connection = new NpgsqlConnection(owner);
        await connection.ExecuteAsync("CREATE OR REPLACE FUNCTION spendable_bonus(p_user_id uuid, p_now timestamptz) RETURNS integer LANGUAGE sql AS 'SELECT 7'");

        await new Migrator(owner).MigrateAsync();

        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("SELECT spendable_bonus(gen_random_uuid(), now())"));
        await connection.CloseAsync();
        await TestDatabases.DropAsync(owner);
    }

    /// <summary>A Supabase project: its roles, auth.users with its columns, owned by another role, and an owner of ours that is no superuser.</summary>
    [Fact]
    public async Task The_same_sql_runs_on_a_Supabase_shaped_database()
    {
        var server = await TestDatabases.ServerAsync();
        var superuser = await server.CreateDatabaseAsync();
        await PrepareSupabaseAsync(superuser);
        var owner = new NpgsqlConnectionStringBuilder(superuser) { Username = "supabase_like_postgres", Password = "pg" }.ConnectionString;

        await new Migrator(owner).MigrateAsync();
        await new Migrator(owner).MigrateAsync();
        await new Migrator(owner).GrantApplicationRoleAsync(new NpgsqlConnectionStringBuilder(owner) { Username = "aurion_supabase", Password = "app" }.ConnectionString);

        await using var connection = new NpgsqlConnection(superuser);
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await connection.ExecuteAsync("INSERT INTO auth.users (id, aud, email, encrypted_password) VALUES (@id, 'authenticated', 'supa@test.example', 'x')", new { id });
        Assert.Equal((100, 0, "free"), await connection.QuerySingleAsync<(int, int, string)>("""
            SELECT c.total_credits, c.used_credits, p.plan_type FROM user_credits c JOIN user_plans p USING (user_id) WHERE user_id = @id
            """, new { id }));
        // A project opens each new table to everybody: ours are as closed there as anywhere, and those of others stay as they were.
        await using var plain = new NpgsqlConnection(await TestDatabases.CreateAsync());
        Assert.Equal(await PrivilegesAsync(plain), await PrivilegesAsync(connection));
        await plain.CloseAsync();
        await TestDatabases.DropAsync(plain.ConnectionString);
        await connection.ExecuteAsync("SET ROLE supabase_like_postgres; CREATE TABLE theirs (); RESET ROLE");
        Assert.True(await connection.ExecuteScalarAsync<bool>("SELECT has_table_privilege('anon', 'theirs', 'INSERT')"));
        Assert.Equal("their uid", await connection.QuerySingleAsync<string>("SELECT obj_description('auth.uid()'::regprocedure)"));
        await connection.CloseAsync();
        await TestDatabases.DropAsync(superuser);
    }

    [Fact]
    public async Task Built_in_accounts_are_created_on_a_Supabase_shaped_database_too()
    {
        var server = await TestDatabases.ServerAsync();
        var superuser = await server.CreateDatabaseAsync();
        await PrepareSupabaseAsync(superuser);
        var owner = new NpgsqlConnectionStringBuilder(superuser) { Username = "supabase_like_postgres", Password = "pg" }.ConnectionString;
        var app = new NpgsqlConnectionStringBuilder(owner) { Username = "aurion_supabase", Password = "app" }.ConnectionString;
        await new Migrator(owner).MigrateAsync();
        await new Migrator(owner).GrantApplicationRoleAsync(app);

        await using (var connection = new NpgsqlConnection(app))
            await connection.ExecuteAsync("SELECT create_account(gen_random_uuid(), 'new@test.example', 'hash', 'New', 'en', now())");

        await using var check = new NpgsqlConnection(superuser);
        Assert.Equal(100, await check.QuerySingleAsync<int>(
            "SELECT c.total_credits FROM auth.users u JOIN user_credits c ON c.user_id = u.id WHERE u.email = 'new@test.example'"));
        await check.CloseAsync();
        await TestDatabases.DropAsync(superuser);
    }

    /// <summary>What people may do with each table, column, sequence and function of ours.</summary>
    private static async Task<string> PrivilegesAsync(NpgsqlConnection connection) => string.Join('\n', await connection.QueryAsync<string>("""
        SELECT concat_ws(' ', grantee, privilege_type, table_name, column_name) FROM information_schema.column_privileges
         WHERE table_schema = 'public' AND grantee IN ('PUBLIC', 'anon', 'authenticated')
        UNION ALL
        SELECT concat_ws(' ', grantee, privilege_type, table_name) FROM information_schema.table_privileges
         WHERE table_schema = 'public' AND grantee IN ('PUBLIC', 'anon', 'authenticated')
        UNION ALL
        SELECT concat_ws(' ', grantee, privilege_type, object_name) FROM information_schema.usage_privileges
         WHERE object_schema = 'public' AND grantee IN ('PUBLIC', 'anon', 'authenticated')
        UNION ALL
        SELECT concat_ws(' ', grantee, privilege_type, routine_name) FROM information_schema.routine_privileges
         WHERE routine_schema = 'public' AND grantee IN ('PUBLIC', 'anon', 'authenticated')
         ORDER BY 1
        """));

    private static async Task PrepareSupabaseAsync(string superuser)
    {
        await using var connection = new NpgsqlConnection(superuser);
        await connection.ExecuteAsync("""
            DO $$ BEGIN
                CREATE ROLE supabase_auth_admin NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
            DO $$ BEGIN
                CREATE ROLE supabase_like_postgres LOGIN CREATEROLE BYPASSRLS PASSWORD 'pg'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
            DO $$ BEGIN
                CREATE ROLE anon NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
            DO $$ BEGIN
                CREATE ROLE authenticated NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
            DO $$ BEGIN
                CREATE ROLE service_role NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
            DO $$ BEGIN
                CREATE ROLE aurion_service NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
            GRANT anon, authenticated, service_role, aurion_service TO supabase_like_postgres WITH ADMIN OPTION;
            CREATE SCHEMA auth AUTHORIZATION supabase_auth_admin;
            GRANT USAGE ON SCHEMA auth TO anon, authenticated, service_role, supabase_like_postgres;
            CREATE TABLE auth.users (
                instance_id uuid, id uuid NOT NULL PRIMARY KEY, aud varchar(255), role varchar(255), email varchar(255),
                encrypted_password varchar(255), email_confirmed_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb,
                is_super_admin boolean, created_at timestamptz, updated_at timestamptz, phone text UNIQUE,
                confirmed_at timestamptz GENERATED ALWAYS AS (email_confirmed_at) STORED,
                is_sso_user boolean NOT NULL DEFAULT false, deleted_at timestamptz, is_anonymous boolean NOT NULL DEFAULT false);
            CREATE UNIQUE INDEX users_email_partial_key ON auth.users (email) WHERE is_sso_user = false;
            ALTER TABLE auth.users OWNER TO supabase_auth_admin;
            ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;
            GRANT ALL ON auth.users TO supabase_like_postgres;
            CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS
                $f$ SELECT (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $f$;
            COMMENT ON FUNCTION auth.uid() IS 'their uid';
            CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS
                $f$ SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb $f$;
            """);
        await connection.ExecuteAsync($"""
            GRANT CREATE, CONNECT, TEMPORARY ON DATABASE "{connection.Database}" TO supabase_like_postgres;
            GRANT ALL ON SCHEMA public TO supabase_like_postgres WITH GRANT OPTION;
            ALTER DEFAULT PRIVILEGES FOR ROLE supabase_like_postgres IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;
            ALTER DEFAULT PRIVILEGES FOR ROLE supabase_like_postgres IN SCHEMA public GRANT ALL ON SEQUENCES TO anon, authenticated, service_role;
            ALTER DEFAULT PRIVILEGES FOR ROLE supabase_like_postgres IN SCHEMA public GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role;
            """);
    }
}
