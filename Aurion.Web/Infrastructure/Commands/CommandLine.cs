namespace Aurion.Web.Infrastructure.Commands;

/// <summary>`migrate`, `ledger verify`, `billing reconcile --apply`: words first, then options; no words means serve.</summary>
public sealed record CommandLine(string Verb, IReadOnlyList<string> Options)
{
    private static readonly string[] OwnerVerbs = ["migrate", "ledger verify"];

    public bool Serves => Verb.Length == 0;
    public bool NeedsOwner => OwnerVerbs.Contains(Verb, StringComparer.Ordinal);

    public static CommandLine Parse(string[] args) => new(
        string.Join(' ', args.TakeWhile(IsWord)),
        [.. args.SkipWhile(IsWord)]);

    public bool Has(string option) => Options.Contains(option, StringComparer.Ordinal);

    private static bool IsWord(string argument) => !argument.StartsWith('-');
}
