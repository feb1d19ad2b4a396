using System.Text.RegularExpressions;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>What a code editor's assistant is asked: it looks for a few well-known faults in the code that was sent, and edits that code.</summary>
internal static partial class CodeHelp
{
    public static string? Answer(string system, string user, string trouble)
    {
        if (Projects.FilesIn(user) is not [var (path, text), ..])
            return null;
        var french = system.Contains("reads French", StringComparison.Ordinal);
        if (system.Contains("edits did not fit", StringComparison.Ordinal))
            return Projects.Shown([(path, Fixed(path, text, user).Aggregate(text, (all, change) => all.Replace(change.Search, change.Replace, StringComparison.Ordinal)))]);
        if (system.Contains("Explain the code", StringComparison.Ordinal))
            return Explain(path, text, french);
        if (system.Contains("Write tests", StringComparison.Ordinal))
            return Tests(path, text, french);
        if (Target().Match(system) is { Success: true } target)
            return Convert(path, text, target.Groups["language"].Value);
        var changes = Fixed(path, text, user).ToList();
        if (changes.Count == 0)
            return french ? "Je n’ai rien trouvé à changer." : "I found nothing to change.";
        return $"{(french ? "Voici ce qui a été changé :" : "This was changed:")} {string.Join("; ", changes.Select(change => french ? change.Pourquoi : change.Why))}.\n\n"
            + string.Concat(changes.Select(change => Projects.Block(path, change.Search, change.Replace, fits: trouble != "edit")));
    }

    // The faults that it knows, each with the line as it stands.
    private static IEnumerable<(string Search, string Replace, string Why, string Pourquoi)> Fixed(string path, string text, string user)
    {
        if (Swap().Match(user[(user.LastIndexOf("</file>", StringComparison.Ordinal) + 7)..]) is { Success: true } swap)
            foreach (var line in text.Split('\n').Where(line => line.Contains(swap.Groups["from"].Value, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
                yield return (line, line.Replace(swap.Groups["from"].Value, swap.Groups["to"].Value, StringComparison.Ordinal), $"{swap.Groups["from"].Value} is now {swap.Groups["to"].Value}", $"{swap.Groups["from"].Value} s’appelle maintenant {swap.Groups["to"].Value}");
        foreach (var line in text.Split('\n'))
        {
            if (TooFar().IsMatch(line))
                yield return (line, line.Replace("<=", "<", StringComparison.Ordinal), "the loop ran one element too far", "la boucle allait un élément trop loin");
            if (line.Contains("sum * rate", StringComparison.Ordinal))
                yield return (line, line.Replace("sum * rate", "sum * (1 + rate)", StringComparison.Ordinal), "the tax is added to the sum", "la taxe s’ajoute à la somme");
            if (line.Contains("TODO: count down", StringComparison.Ordinal))
                yield return (line, "    clearInterval(timer);\n    timer = setInterval(() => {\n      seconds = Math.max(0, seconds - 1);\n      if (seconds === 0) clearInterval(timer);\n      show();\n    }, 1000);", "the timer counts down and stops at zero", "le minuteur décompte et s’arrête à zéro");
            if (line.Contains("TODO: stop", StringComparison.Ordinal))
                yield return (line, "    clearInterval(timer);", "the timer can be stopped", "le minuteur peut être arrêté");
        }
    }

    private static string Explain(string path, string text, bool french)
    {
        var lines = text.Split('\n').Length;
        var functions = Function().Matches(text).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).Take(6).ToList();
        var loops = Loop().Count(text);
        return french
            ? $"{path} compte {lines} lignes. {(functions.Count > 0 ? $"Il définit {string.Join(", ", functions)}." : "Il ne définit pas de fonction.")} {(loops > 0 ? $"On y trouve {loops} boucle(s), qui parcourent les données une fois." : "Il se lit de haut en bas.")}\n\nPour le comprendre, commencez par la dernière ligne : elle montre comment le reste est employé."
            : $"{path} has {lines} lines. {(functions.Count > 0 ? $"It defines {string.Join(", ", functions)}." : "It defines no function.")} {(loops > 0 ? $"There are {loops} loop(s), which go through the data once." : "It reads from top to bottom.")}\n\nTo understand it, begin with the last line: it shows how the rest is used.";
    }

    private static string Tests(string path, string text, bool french)
    {
        var name = Function().Match(text) is { Success: true } function ? function.Groups["name"].Value : "run";
        var (stem, kind) = (Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
        var said = french ? $"Des essais pour {name}, à lancer seuls." : $"Tests for {name}, which run by themselves.";
        return kind == ".py"
            ? $"{said}\n\n<file path=\"test_{stem}.py\">\nfrom {stem} import {name}\n\nassert callable({name})\nassert {name}(10) == [2, 3, 5, 7]\nassert {name}(1) == []\nprint(\"ok\")\n</file>"
            : $"{said}\n\n<file path=\"{stem}.test.js\">\n// Load {path} first.\nconsole.assert(typeof {name} === \"function\", \"{name} is a function\");\nconsole.log(\"{name}: ok\");\n</file>";
    }

    private static string Convert(string path, string text, string language)
    {
        var (extension, remark) = language switch { "Python" => (".py", "# "), "TypeScript" => (".ts", "// "), "C#" => (".cs", "// "), "Java" => (".java", "// "), "Go" => (".go", "// "), _ => (".rs", "// ") };
        var lines = text.Split('\n').Select(line => language == "TypeScript" ? Parameters().Replace(line, match => $"({string.Join(", ", match.Groups["list"].Value.Split(',').Select(p => p.Trim() + ": any"))})") : remark + line);
        return $"{Path.GetFileNameWithoutExtension(path)}{extension}\n\n<file path=\"{Path.GetFileNameWithoutExtension(path)}{extension}\">\n{string.Join('\n', lines)}\n</file>";
    }

    [GeneratedRegex(@"Convert the file to (?<language>[\w#]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Target();

    [GeneratedRegex(@"<=\s*\w+\.length", RegexOptions.None, 1000)]
    private static partial Regex TooFar();

    [GeneratedRegex(@"\b(function|def)\s+(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Function();

    [GeneratedRegex(@"\b(for|while)\b", RegexOptions.None, 1000)]
    private static partial Regex Loop();

    [GeneratedRegex(@"(?<=function \w+)\((?<list>[^)]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameters();

    [GeneratedRegex(@"\b(rename|replace|change|renomme|remplace)\s+[""'«`]?\s*(?<from>[^\s""'»`]+)\s*[""'»`]?\s+(to|with|by|into|en|par)\s+[""'«`]?\s*(?<to>[^\s""'»`]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Swap();
}
