using Aurion.Web.Billing.Sync;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", null, false)]
    [InlineData("--urls=http://127.0.0.1:0 --environment Production", null, false)]
    [InlineData("--ConnectionStrings:Aurion=Host=db.example --AURION_MAINTENANCE=on --Logging:LogLevel:Default=Debug", null, false)]
    [InlineData("migrate", "migrate", true)]
    [InlineData("ledger verify", "verify", true)]
    [InlineData("billing reconcile --apply", "reconcile", false)]
    [InlineData("health --at=http://127.0.0.1:9", "health", false)]
    public void Words_are_the_verb_and_dashes_its_options(string line, string? verb, bool needsOwner)
    {
        var command = Verbs.Parse(Words(line));

        Assert.Null(command.ExitCode);
        Assert.Equal(verb, command.Verb?.Name);
        Assert.Equal(verb is null, command.Serves);
        Assert.Equal(needsOwner, command.NeedsOwner);
        if (verb == "reconcile")
            Assert.True(command.Get(ReconcileCommand.Apply));
    }

    [Theory]
    [InlineData("migrate --help", 0)]
    [InlineData("--help", 0)]
    [InlineData("--version", 0)]
    [InlineData("migrate --force", 2)]
    [InlineData("migrate now", 2)]
    [InlineData("billing", 2)]
    [InlineData("billing reconcile --aply", 2)]
    [InlineData("frobnicate", 2)]
    [InlineData("--port=80", 2)]
    public void Help_only_helps_and_what_is_not_known_is_refused(string line, int exitCode) => Assert.Equal(exitCode, Verbs.Parse(Words(line)).ExitCode);

    [Fact]
    public async Task A_process_that_is_asked_for_help_needs_no_setting_and_does_nothing_else()
    {
        var (help, said) = await WebProcess.RunAsync(["migrate", "--help"]);
        Assert.Equal(0, help);
        Assert.Contains("migrate", said);

        var (refused, complaint) = await WebProcess.RunAsync(["migrate", "--dry-run"]);
        Assert.Equal(2, refused);
        Assert.Contains("--dry-run", complaint);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
