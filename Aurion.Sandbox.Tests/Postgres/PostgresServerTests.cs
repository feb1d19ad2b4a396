using Aurion.Sandbox.Postgres;
using Npgsql;

namespace Aurion.Sandbox.Tests.Postgres;

public sealed class PostgresServerTests
{
    [Fact]
    public async Task A_temporary_server_copies_databases_from_a_template_and_ends_with_its_folder()
    {
        string folder;
        int process;
        await using (var server = await PostgresServer.StartTemporaryAsync())
        {
            var template = await server.CreateDatabaseAsync("template_of_mine");
            await ExecuteAsync(template, "create table notes (body text); insert into notes values ('kept')");
            var copies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => server.CreateDatabaseAsync(template: "template_of_mine")));

            foreach (var copy in copies)
                Assert.Equal("kept", await ScalarAsync(copy, "select body from notes"));
            Assert.Equal(3, copies.Distinct().Count());

            folder = (string)(await ScalarAsync(template, "show data_directory"))!;
            process = int.Parse((await File.ReadAllLinesAsync(Path.Combine(folder, "postmaster.pid")))[0], null);
        }

        Assert.False(Directory.Exists(folder));
        Assert.False(Directory.Exists($"/proc/{process}"));
    }

    [Fact]
    public async Task A_stopped_server_starts_again_with_its_data_and_a_living_one_is_used_as_it_is()
    {
        var root = Path.Combine(Path.GetTempPath(), "aurion-pg-test-" + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        try
        {
            await using (var first = await PostgresServer.StartAsync(root))
                await ExecuteAsync(await first.CreateDatabaseAsync("kept"), "create table notes ()");

            await using var second = await PostgresServer.StartAsync(root);
            Assert.True(await second.HasDatabaseAsync("kept"));

            var third = await PostgresServer.StartAsync(root);
            Assert.Equal(second.Port, third.Port);
            Assert.Null(third.Process);
            await third.DropDatabaseAsync("kept");
            Assert.False(await second.HasDatabaseAsync("kept"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task What_a_killed_test_run_left_behind_goes_and_what_may_be_in_use_stays()
    {
        var now = TimeProvider.System.GetUtcNow();
        var abandoned = Folder("abandoned", now.AddHours(-1));
        var young = Folder("young", now);
        var alive = Folder("alive", now.AddHours(-1), "postmaster.pid");
        try
        {
            await using var server = await PostgresServer.StartTemporaryAsync();

            Assert.False(Directory.Exists(abandoned));
            Assert.True(Directory.Exists(young));
            Assert.True(Directory.Exists(alive));
        }
        finally
        {
            foreach (var folder in new[] { abandoned, young, alive }.Where(Directory.Exists))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static string Folder(string name, DateTimeOffset lastWritten, string? file = null)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"aurion-pg-{name}-{Guid.CreateVersion7(lastWritten):N}");
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        if (file is not null)
            File.WriteAllText(Path.Combine(folder, "data", file), "");
        Directory.SetLastWriteTimeUtc(folder, lastWritten.UtcDateTime);
        return folder;
    }

    private static async Task ExecuteAsync(string database, string sql) => await ScalarAsync(database, sql);

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
