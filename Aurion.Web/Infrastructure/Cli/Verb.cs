using System.CommandLine;

namespace Aurion.Web.Infrastructure.Cli;

/// <summary>One verb of the command line, and the command that serves it.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1010", Justification = "Command lists its symbols for initialisers only.")]
public sealed class Verb : Command
{
    private Verb(string name, string description, Type serves) : base(name, description)
    {
        Serves = serves;
        SetAction(_ => CommandLine.GoOn);
    }

    public Type Serves { get; }

    /// <summary>Whether it works with the owner's connection, and on the database alone.</summary>
    public bool NeedsOwner { get; init; }

    public static Verb For<TCommand>(string name, string description, params Option[] options) where TCommand : class, ICommand =>
        For<TCommand>(name, description, needsOwner: false, options);

    public static Verb ForOwner<TCommand>(string name, string description, params Option[] options) where TCommand : class, ICommand =>
        For<TCommand>(name, description, needsOwner: true, options);

    private static Verb For<TCommand>(string name, string description, bool needsOwner, Option[] options)
    {
        var verb = new Verb(name, description, typeof(TCommand)) { NeedsOwner = needsOwner };
        foreach (var option in options)
            verb.Options.Add(option);
        return verb;
    }
}
