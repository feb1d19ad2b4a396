using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;

namespace Aurion.Sandbox.Tests.Host;

/// <summary>What the README promises of the one command, with real processes.</summary>
public sealed class SandboxProcessTests : IDisposable
{
    private readonly string home = RunningSandbox.NewHome();

    [Fact]
    public async Task It_gets_ready_tells_what_to_know_steps_aside_on_taken_ports_and_leaves_nothing_behind()
    {
        using var taken = Occupy(5080);
        var (sandbox, state) = await RunningSandbox.StartAsync(home);
        using var _ = sandbox;

        Assert.Equal(
            ["web", "stripe", "clerk", "openrouter", "freepik", "tools", "mail", "database", "stripeSecretKey", "stripeWebhookSecret", "jwtSecret", "openRouterKey", "accounts"],
            state.EnumerateObject().Select(property => property.Name));
        Assert.NotEqual(5080, new Uri(state.GetProperty("web").GetString()!).Port);
        Assert.StartsWith("sk_test_sandbox_", state.GetProperty("stripeSecretKey").GetString());
        Assert.StartsWith("whsec_sandbox_", state.GetProperty("stripeWebhookSecret").GetString());
        Assert.StartsWith("sandbox-", state.GetProperty("jwtSecret").GetString());
        await Everything_answersAsync(state);
        await Accounts_are_what_they_say_and_the_books_balanceAsync(state);
        await A_token_launches_a_toolAsync(state);

        var (code, text) = await sandbox.SignalAsync("TERM");

        Assert.Equal(0, code);
        Assert.InRange(text.Trim().Split('\n').Length, 1, 12);
        Assert.True(await sandbox.LeavesNothingAsync(), "Still running: " + string.Join(", ", sandbox.Processes()));
    }

    [Fact]
    public async Task Killed_without_warning_it_still_leaves_nothing_and_a_dead_part_ends_the_whole_with_its_name()
    {
        var (killed, _) = await RunningSandbox.StartAsync(home, "--no-web");
        using (killed)
        {
            Assert.True(killed.Processes().Count > 1);
            await killed.SignalAsync("KILL");
            Assert.True(await killed.LeavesNothingAsync(), "Still running: " + string.Join(", ", killed.Processes()));
        }

        var (sandbox, state) = await RunningSandbox.StartAsync(home, "--no-web");
        using (sandbox)
        {
            await KillDatabaseAsync(home);
            var (code, text) = await sandbox.EndAsync();

            Assert.Equal(1, code);
            Assert.Contains("PostgreSQL ended by itself", text);
            Assert.True(await sandbox.LeavesNothingAsync());
        }
        Assert.Equal(5, state.GetProperty("accounts").GetArrayLength());
    }

    [Fact]
    public async Task Two_sandboxes_share_no_port_not_even_one_whose_server_has_not_started()
    {
        var (first, one) = await RunningSandbox.StartAsync(Path.Combine(home, "1"), "--no-web");
        using var _ = first;
        var (second, other) = await RunningSandbox.StartAsync(Path.Combine(home, "2"), "--no-web");
        using var __ = second;

        Assert.Empty(Ports(one).Intersect(Ports(other)));
        Assert.Equal(0, (await first.SignalAsync("TERM")).ExitCode);
        Assert.Equal(0, (await second.SignalAsync("TERM")).ExitCode);
    }

    [Theory]
    [InlineData("--stat", "--stat")]
    [InlineData("--fresh now", "now")]
    [InlineData("--state", "--state")]
    [InlineData("--state --fresh", "--state needs the name of a file")]
    public async Task An_option_that_it_does_not_know_is_refused_with_the_list(string option, string message)
    {
        var (code, text) = await RunningSandbox.RunAsync(option.Split(' '));

        Assert.Equal(1, code);
        Assert.Contains(message, text);
        Assert.Contains("--fresh", text);
    }

    [Fact]
    public async Task Help_is_the_list_and_starts_nothing()
    {
        var (code, text) = await RunningSandbox.RunAsync("--help");

        Assert.Equal(0, code);
        Assert.Contains("--no-web", text);
    }

    public void Dispose()
    {
        if (Directory.Exists(home))
            Directory.Delete(home, recursive: true);
    }

    private static IEnumerable<int> Ports(JsonElement state) =>
        new[] { "web", "stripe", "clerk", "openrouter", "freepik", "tools", "mail" }.Select(name => new Uri(state.GetProperty(name).GetString()!).Port);

    private static async Task Everything_answersAsync(JsonElement state)
    {
        using var http = new HttpClient();
        foreach (var path in new[] { "web", "mail" })
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(state.GetProperty(path).GetString())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(state.GetProperty("tools").GetString() + "/tools/app-builder")).StatusCode);
        // The bar on top of each page leads to the demo accounts, and what is said there opens one.
        var mail = state.GetProperty("mail").GetString();
        Assert.Contains($"href=\"{mail}/accounts\"", await http.GetStringAsync(state.GetProperty("web").GetString()));
        var accounts = await http.GetStringAsync(mail + "/accounts");
        Assert.All(state.GetProperty("accounts").EnumerateArray(), account => Assert.Contains(account.GetProperty("email").GetString()!, accounts));
        Assert.Contains(state.GetProperty("accounts")[0].GetProperty("password").GetString()!, accounts);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", state.GetProperty("stripeSecretKey").GetString());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(state.GetProperty("stripe").GetString() + "/v1/prices")).StatusCode);
    }

    private static async Task Accounts_are_what_they_say_and_the_books_balanceAsync(JsonElement state)
    {
        Assert.Equal(
            [("newcomer", "user", "free"), ("empty", "user", "free"), ("plus", "user", "plus"), ("past-due", "user", "starter"), ("admin", "admin", "free")],
            state.GetProperty("accounts").EnumerateArray().Select(account =>
                (account.GetProperty("email").GetString()!.Replace("@demo.aurion.test", "", StringComparison.Ordinal), account.GetProperty("role").GetString()!, account.GetProperty("plan").GetString()!)));

        await using var connection = new NpgsqlConnection(state.GetProperty("database").GetString());
        await connection.OpenAsync();
        Assert.Equal(0L, await ScalarAsync(connection, "SELECT count(*) FROM ledger_faults()"));
        Assert.Equal(205L, await ScalarAsync(connection, "SELECT count(*) FROM profiles"));
        Assert.Equal("100/0/0", await ScalarAsync(connection, Balance("newcomer")));
        Assert.Equal("100/100/0", await ScalarAsync(connection, Balance("empty")));
        Assert.Equal("past_due", await ScalarAsync(connection, "SELECT p.status FROM user_plans p JOIN profiles q ON q.id = p.user_id WHERE q.email = 'past-due@demo.aurion.test'"));
        Assert.InRange((long)(await ScalarAsync(connection, """
            SELECT count(DISTINCT date_trunc('day', l.created_at)) FROM usage_logs l JOIN profiles q ON q.id = l.user_id
             WHERE q.email = 'plus@demo.aurion.test' AND l.action_type LIKE 'launch_tool_%'
            """))!, 28, 31);
    }

    private static async Task A_token_launches_a_toolAsync(JsonElement state)
    {
        using var http = new HttpClient { BaseAddress = new Uri(state.GetProperty("web").GetString()!) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", state.GetProperty("accounts")[0].GetProperty("token").GetString());

        using var answer = await http.PostAsJsonAsync("/api/validate-tool-access", new { toolId = "app-builder" });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(50, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("credits").GetProperty("remaining").GetInt32());
    }

    private static async Task KillDatabaseAsync(string home)
    {
        var pidFile = Directory.EnumerateFiles(home, "postmaster.pid", SearchOption.AllDirectories).Single();
        using var kill = Process.Start("kill", ["-s", "KILL", (await File.ReadAllLinesAsync(pidFile))[0]]);
        await kill.WaitForExitAsync();
    }

    private static string Balance(string name) => $"""
        SELECT concat_ws('/', c.total_credits, c.used_credits, c.bonus_credits) FROM user_credits c JOIN profiles q ON q.id = c.user_id WHERE q.email = '{name}@demo.aurion.test'
        """;

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    // Somebody may sit there already, and then the port is as taken as the test wants it.
    private static TcpListener? Occupy(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
