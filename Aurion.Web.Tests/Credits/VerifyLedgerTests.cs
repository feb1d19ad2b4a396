using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Credits;

public sealed class VerifyLedgerTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task The_verb_counts_what_it_checked_and_names_the_first_fault()
    {
        var (first, second) = (await app.GivenUserAsync(), await app.GivenUserAsync());
        await app.ExecuteAsync("UPDATE user_credits SET used_credits = total_credits WHERE user_id = @Id", first);
        Assert.Equal((0, "accounts=2 rows=3 broken=0", ""), await RunAsync());

        await app.ExecuteAsync("""
            ALTER TABLE usage_logs DISABLE TRIGGER USER;
            UPDATE usage_logs SET delta = 999 WHERE user_id = @Id AND seq = 1;
            ALTER TABLE usage_logs ENABLE TRIGGER USER
            """, second);

        var (exit, line, error) = await RunAsync();
        Assert.Equal(1, exit);
        Assert.StartsWith("accounts=2 rows=3 broken=", line, StringComparison.Ordinal);
        Assert.StartsWith($"account {second.Id}, row 1: ", error, StringComparison.Ordinal);
    }

    // The verb as an operator runs it: a process of its own.
    private async Task<(int Exit, string Line, string Error)> RunAsync()
    {
        var (exit, line, error) = await ProgramRun.ToEndAsync(WebProcess.Describe(["ledger", "verify"], new Dictionary<string, string?>
        {
            ["ConnectionStrings__Aurion"] = TestDatabases.AsApplication(app.OwnerConnectionString),
            ["ConnectionStrings__AurionOwner"] = app.OwnerConnectionString,
        }));
        return (exit, line.Trim(), error.Trim());
    }
}
