using System.CommandLine;

namespace Aurion.Sandbox.Host;

/// <summary>What was asked for on the command line.</summary>
internal sealed record SandboxOptions(string? StateFile, bool Fresh, bool NoWeb, bool Clerk)
{
    private static readonly Option<FileInfo?> State = new("--state") { HelpName = "FILE", Description = "once all is ready, write addresses, keys and demo accounts to FILE as JSON" };
    private static readonly Option<bool> FreshStart = new("--fresh") { Description = "start from an empty database and today's time" };
    private static readonly Option<bool> WithoutWeb = new("--no-web") { Description = "leave Aurion.Web out, to start it from an editor (settings: .sandbox/web-PORT.env)" };
    private static readonly Option<bool> WithClerk = new("--clerk") { Description = "people sign in at Clerk’s stand-in instead of with the built-in accounts" };

    /// <summary>The command line; an unknown option is refused with the list, and --help starts nothing.</summary>
    public static RootCommand Command(Func<SandboxOptions, Task> run)
    {
        var command = new RootCommand("AURION sandbox: everything AURION needs, on this machine and without one account.") { State, FreshStart, WithoutWeb, WithClerk };
        // An option in the place of a file's name is a forgotten name.
        State.Validators.Add(state =>
        {
            if (state.Tokens is [var name] && name.Value.StartsWith("--", StringComparison.Ordinal))
                state.AddError("--state needs the name of a file.");
        });
        command.SetAction(given => run(new SandboxOptions(given.GetValue(State)?.FullName, given.GetValue(FreshStart), given.GetValue(WithoutWeb), given.GetValue(WithClerk))));
        return command;
    }
}
