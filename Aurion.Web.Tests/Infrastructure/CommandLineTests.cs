using Aurion.Web.Infrastructure.Commands;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "", false)]
    [InlineData("--urls=http://127.0.0.1:0", "", false)]
    [InlineData("migrate", "migrate", true)]
    [InlineData("ledger verify", "ledger verify", true)]
    [InlineData("billing reconcile --apply", "billing reconcile", false)]
    public void Words_are_the_verb_and_dashes_its_options(string line, string verb, bool needsOwner)
    {
        var command = CommandLine.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(verb, command.Verb);
        Assert.Equal(verb.Length == 0, command.Serves);
        Assert.Equal(needsOwner, command.NeedsOwner);
        Assert.Equal(line.Contains("--apply"), command.Has("--apply"));
    }
}
