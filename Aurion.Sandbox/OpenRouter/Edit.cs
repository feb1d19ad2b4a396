using System.Text.RegularExpressions;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>A change of the code in a message: replace or rename one word by another.</summary>
internal sealed partial record Edit(string Language, string Code, string From, string To)
{
    /// <summary>The edit that the message asks for, when it carries code in a fence and says what becomes of which word.</summary>
    public static Edit? Of(string message)
    {
        var code = Fence().Match(message);
        var change = Change().Match(Fence().Replace(message, ""));
        return code.Success && change.Success && code.Groups["code"].Value.Contains(change.Groups["from"].Value, StringComparison.Ordinal)
            ? new Edit(code.Groups["language"].Value, code.Groups["code"].Value, change.Groups["from"].Value, change.Groups["to"].Value)
            : null;
    }

    /// <param name="asBlocks">Blocks of SEARCH and REPLACE instead of the whole file.</param>
    /// <param name="fits">False for an edit that fits nothing in the file.</param>
    public string Answer(bool french, bool asBlocks, bool fits)
    {
        var lead = french ? $"« {From} » devient « {To} » :" : $"“{From}” becomes “{To}”:";
        if (!asBlocks)
            return $"{lead}\n\n```{Language}\n{(fits ? Code.Replace(From, To, StringComparison.Ordinal) : "")}```\n";
        var blocks = Code.Split('\n').Where(line => line.Contains(From, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)
            .Select(line => $"<<<<<<< SEARCH\n{(fits ? line : line + "?")}\n=======\n{line.Replace(From, To, StringComparison.Ordinal)}\n>>>>>>> REPLACE\n");
        return $"{lead}\n\n{string.Concat(blocks)}";
    }

    [GeneratedRegex(@"```(?<language>[\w#+-]*)\r?\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\b(rename|replace|change|renomme|remplace)\s+[""'«`]?\s*(?<from>[^\s""'»`]+)\s*[""'»`]?\s+(to|with|by|into|en|par)\s+[""'«`]?\s*(?<to>[^\s""'»`]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Change();
}
