using System.CommandLine;

namespace Aurion.Web.Infrastructure.Cli;

/// <summary>What was asked for: a verb with its options, or, without a verb, to serve.</summary>
public sealed class CommandLine
{
    /// <summary>The exit code of a line that is understood and asks for no help, so that the program begins.</summary>
    internal const int GoOn = int.MinValue;

    /// <summary>The exit code of a line that is not understood, as shells have it.</summary>
    private const int Refused = 2;

    // Names that the framework reads from the command line, beside those of our settings.
    private static readonly string[] Hosting =
        ["urls", "environment", "contentRoot", "applicationName", "webroot", "http_ports", "https_ports", "Logging", "Serilog", "Kestrel"];

    private readonly ParseResult parsed;

    private CommandLine(ParseResult parsed)
    {
        this.parsed = parsed;
        var code = parsed.Invoke();
        ExitCode = parsed.Errors.Count > 0 ? Refused : code == GoOn ? null : code;
    }

    /// <summary>Set when all has been said already: help was asked for, or the line is refused.</summary>
    public int? ExitCode { get; }

    public Verb? Verb => parsed.CommandResult.Command as Verb;

    public bool Serves => Verb is null;

    public bool NeedsOwner => Verb is { NeedsOwner: true };

    /// <summary>Understands <paramref name="args"/>, or says on standard error what is wrong with them.</summary>
    /// <param name="settings">Names of settings, any of which the line may carry when it serves.</param>
    public static CommandLine Parse(string description, IEnumerable<Command> verbs, IEnumerable<string> settings, string[] args)
    {
        var root = new RootCommand(description);
        foreach (var verb in verbs)
            root.Subcommands.Add(verb);
        // Everything before the first colon: ConnectionStrings:Aurion is given as a value of ConnectionStrings.
        foreach (var name in settings.Concat(Hosting).Select(name => name.Split(':')[0]).Distinct(StringComparer.Ordinal))
            root.Options.Add(new Option<string[]>("--" + name) { Hidden = true, Arity = ArgumentArity.ZeroOrMore });
        root.SetAction(_ => GoOn);
        return new(root.Parse(args));
    }

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);
}
