using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>
/// An agent that plans and then carries out one step after another with the functions that it is offered. What it calls and writes is
/// made of the goal, the files that were sent and the results of its calls. Words: <c>fail:loop</c> makes the same call for ever,
/// <c>fail:wander</c> another one each time, <c>fail:args</c> begins with arguments that are no JSON, <c>fail:browse</c> with a function
/// that nobody offers. A goal that asks for a picture of something has one drawn, where that is offered.
/// </summary>
internal sealed partial class Agent
{
    private readonly string goal;
    private readonly string step;
    private readonly string document;
    private readonly bool french;
    private readonly bool draws;
    private readonly int called;
    private readonly List<(string Path, string Text)> files;
    private readonly List<(string Text, string Outcome)> done;
    private readonly List<string> results;

    private Agent(string system, string user, JsonArray messages)
    {
        draws = system.Contains("have pictures drawn", StringComparison.Ordinal);
        called = messages.Count(message => (string?)message!["role"] == "tool");
        goal = Part(user, "Goal");
        step = StepNumber().Replace(Part(user, "Current step"), "");
        document = Part(user, "The document so far");
        french = French().IsMatch(goal);
        files = [.. File().Matches(user).Select(match => (match.Groups["path"].Value, match.Groups["text"].Value.Trim('\n')))];
        done = [.. Done().Matches(user).Select(match => (match.Groups["step"].Value, match.Groups["outcome"].Value))];
        results = [.. messages.Where(message => (string?)message!["role"] == "tool").Select(message => (string?)message!["content"] ?? "").Where(text => !text.StartsWith("Error", StringComparison.Ordinal))];
    }

    /// <summary>What the person wants of the current call: the goal, and the step that is carried out. Null for a call that is no agent's.</summary>
    public static string? WishIn(string system, string user) =>
        IsAgent(system) ? $"{Part(user, "Goal")}\n{Part(user, "Current step")}" : null;

    /// <summary>The answer when the system message is an agent's, else null.</summary>
    public static Said? Answer(string system, string user, JsonArray messages, IReadOnlyList<string> functions, Trouble trouble)
    {
        if (!IsAgent(system))
            return null;
        var agent = new Agent(system, user, messages);
        if (functions.Count == 0)
            return new(string.Join('\n', agent.Plan().Select((step, i) => $"{i + 1}. {step}")));
        var called = agent.called;
        return trouble.What switch
        {
            "loop" => Calculate("1 + 1"),
            "wander" => Calculate($"{called} + {called}"),
            "args" when called == 0 => new("", new Call("call_cut", "calculate", "{\"expressions\": [\"1 +")),
            "browse" when called == 0 => new("", Call.Of("browse", new JsonObject { ["url"] = "https://example.com/" })),
            _ => agent.CarryOut(),
        };
    }

    private static bool IsAgent(string system) => system.Contains("You are an agent", StringComparison.Ordinal);

    private (string Path, string Text)? Table => files.Cast<(string Path, string Text)?>().FirstOrDefault(file => file!.Value.Path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase));

    private (string Path, string Text)? Notes => files.Cast<(string Path, string Text)?>().FirstOrDefault(file => !file!.Value.Path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase));

    private List<string> Plan()
    {
        var steps = PlanOfText();
        if (draws && Wanted() is { } wanted)
            steps.Insert(steps.Count - 1, french ? $"Faire dessiner une image : {wanted}" : $"Have a picture drawn: {wanted}");
        return steps;
    }

    private List<string> PlanOfText()
    {
        var closing = french ? $"Rédiger la conclusion : {Short(goal)}" : $"Write the conclusion: {Short(goal)}";
        if (Table is { } table)
        {
            var (group, value) = Columns(table.Text);
            return french
                ? [$"Lire {table.Path} et dire ce qui s’y trouve", $"Calculer le total de {value} par {group}", "Comparer les totaux et nommer le plus grand et le plus petit", closing]
                : [$"Read {table.Path} and say what it holds", $"Calculate the total of {value} for each {group}", "Compare the totals and name the largest and the smallest", closing];
        }
        if (Notes is { } notes)
            return french
                ? [$"Lire {notes.Path} et dire ce qui s’y trouve", $"Compter les mots qui reviennent dans {notes.Path}", closing]
                : [$"Read {notes.Path} and say what it holds", $"Count the words that come back in {notes.Path}", closing];
        if (Offers().Count > 1)
            return french
                ? ["Calculer le coût de chaque offre sur toute la durée", "Comparer les totaux et nommer le plus grand et le plus petit", closing]
                : ["Calculate what each offer costs over the whole time", "Compare the totals and name the largest and the smallest", closing];
        return french
            ? ["Dire en une phrase ce qui est demandé", "Ranger les questions à traiter, la plus urgente d’abord", closing]
            : ["Say in one sentence what is asked", "Put the questions in order, the most urgent first", closing];
    }

    private Said CarryOut() => step switch
    {
        _ when Asks("conclusion") => Conclude(),
        _ when draws && Asks("picture|image") => called == 0 ? Draw() : Shown(),
        _ when Asks("read|lire") && FileOf() is { } file => results.Count == 0 ? Read(file.Path) : Describe(file),
        _ when Asks("count|compter") && FileOf() is { } file => results.Count == 0 ? Frequent(file.Path) : Result(french ? "Les mots qui reviennent" : "The words that come back", results[^1], Rows(results[^1])),
        _ when Asks("calculate|calculer|total|sum|somme|add up") && Table is { } table => results.Count == 0 ? Group(table) : Result(Heading(), results[^1], Rows(results[^1])),
        _ when Asks("calculate|calculer|total|sum|somme|add up") && Offers() is { Count: > 0 } offers => results.Count == 0 ? Calculate([.. offers.Select(offer => offer.Expression)]) : Priced(offers),
        _ when Asks("compare|comparer") && Rows(document) is { Count: > 1 } rows => results.Count == 0 ? Difference(rows) : Compared(rows),
        _ => Conclude(),
    };

    private string? Wanted() => PictureOf().Match(goal) is { Success: true } match ? match.Groups["what"].Value.Trim() : null;

    private Said Draw() => new("", Call.Of("picture", new JsonObject { ["prompt"] = Wanted() ?? Short(goal), ["size"] = "16:9" }));

    private Said Shown()
    {
        var isDrawn = results.Exists(result => result.StartsWith("The picture is drawn", StringComparison.Ordinal));
        var outcome = (french, isDrawn) switch
        {
            (true, true) => "L’image est dessinée.",
            (true, false) => "Sans image.",
            (false, true) => "The picture is drawn.",
            _ => "Without a picture.",
        };
        return Finish(outcome, french ? "L’image" : "The picture", outcome);
    }

    private Said Describe((string Path, string Text) file)
    {
        var lines = results[^1].Split('\n').Where(line => line.Trim().Length > 0 && !line.StartsWith('[')).ToList();
        var columns = file.Path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? Split(lines[0]) : [];
        var count = lines.Count - (columns.Length > 0 ? 1 : 0);
        var outcome = (french, columns.Length > 0) switch
        {
            (true, true) => $"{count} lignes, avec {string.Join(", ", columns)}.",
            (true, false) => $"{count} lignes de texte.",
            (false, true) => $"{count} lines, with {string.Join(", ", columns)}.",
            _ => $"{count} lines of text.",
        };
        return Finish(outcome, french ? "Ce sur quoi cela repose" : "What it rests on", $"`{file.Path}`: {outcome}");
    }

    private static Said Group((string Path, string Text) table)
    {
        var (group, value) = Columns(table.Text);
        return new("", Call.Of("table", new JsonObject { ["file"] = table.Path, ["group_by"] = group, ["column"] = value, ["aggregate"] = "sum", ["sort_by"] = value, ["descending"] = true }));
    }

    private Said Result(string heading, string table, List<(string Name, decimal Value)> rows)
    {
        if (rows.Count == 0)
            return Finish(french ? "Rien à compter." : "Nothing to count.", heading, table);
        var top = rows.MaxBy(row => row.Value);
        return Finish(french ? $"En tête : {top.Name}, {Number(top.Value)}." : $"First: {top.Name}, {Number(top.Value)}.", heading, table);
    }

    private Said Priced(List<(string Name, string Expression)> offers)
    {
        var values = Values(results[^1]);
        var rows = offers.Zip(values, (offer, value) => (offer.Name, offer.Expression, Value: value)).OrderBy(row => row.Value).ToList();
        var (head, what) = french ? ("| Offre | Calcul | Total |", $"Le moins cher : {rows[0].Name}, {Number(rows[0].Value)}.") : ("| Offer | Calculation | Total |", $"Cheapest: {rows[0].Name}, {Number(rows[0].Value)}.");
        return Finish(what, Heading(), $"{head}\n| --- | --- | ---: |\n{string.Join('\n', rows.Select(row => $"| {row.Name} | {row.Expression.Replace("*", "×", StringComparison.Ordinal)} | {Number(row.Value)} |"))}");
    }

    private static Said Difference(List<(string Name, decimal Value)> rows)
    {
        var (most, least) = (rows.MaxBy(row => row.Value), rows.MinBy(row => row.Value));
        return Calculate($"{Plain(most.Value)} - {Plain(least.Value)}", $"({string.Join(" + ", rows.Select(row => Plain(row.Value)))}) / {rows.Count}");
    }

    private Said Compared(List<(string Name, decimal Value)> rows)
    {
        var (most, least, values) = (rows.MaxBy(row => row.Value), rows.MinBy(row => row.Value), Values(results[^1]));
        var text = french
            ? $"Le plus grand est **{most.Name}** ({Number(most.Value)}), le plus petit **{least.Name}** ({Number(least.Value)}) : {Number(values[0])} les séparent. La moyenne est de {Number(values[1])}."
            : $"The largest is **{most.Name}** ({Number(most.Value)}), the smallest **{least.Name}** ({Number(least.Value)}): {Number(values[0])} lie between them. The mean is {Number(values[1])}.";
        return Finish(french ? $"De {least.Name} à {most.Name} : {Number(values[0])}." : $"From {least.Name} to {most.Name}: {Number(values[0])}.", french ? "La comparaison" : "The comparison", text);
    }

    private Said Conclude()
    {
        var lines = done.Select(each => $"- {each.Outcome}").DefaultIfEmpty(french ? $"- La demande : {Short(goal)}" : $"- What was asked: {Short(goal)}");
        var isLast = Asks("conclusion|write|rédiger");
        var lead = isLast
            ? french ? $"Vous vouliez : {Short(goal)}. Voici ce que cela donne." : $"You asked: {Short(goal)}. This is what came out."
            : french ? $"À propos de : {step.TrimEnd('.')}." : $"On this: {step.TrimEnd('.')}.";
        return Finish(isLast ? french ? "Le document est complet." : "The document is complete." : french ? "C’est noté." : "Noted.",
            isLast ? "Conclusion" : Short(step), $"{lead}\n\n{string.Join('\n', lines)}");
    }

    // Offers as "Name: 4200 and 180 a year"; the time as "over ten years".
    private List<(string Name, string Expression)> Offers()
    {
        var years = Years().Match(goal) is { Success: true } time ? Amount(time.Groups["n"].Value) : 1;
        return [.. Offer().Matches(goal).Select(match =>
            (match.Groups["name"].Value.Trim(), match.Groups["yearly"].Success ? $"{Digits(match.Groups["once"].Value)} + {years} * {Digits(match.Groups["yearly"].Value)}" : Digits(match.Groups["once"].Value)))];
    }

    private static int Amount(string word) => int.TryParse(word, CultureInfo.InvariantCulture, out var n) ? n
        : word.ToLowerInvariant() switch { "two" or "deux" => 2, "three" or "trois" => 3, "five" or "cinq" => 5, "ten" or "dix" => 10, _ => 1 };

    private (string Path, string Text)? FileOf() =>
        files.Cast<(string Path, string Text)?>().FirstOrDefault(file => step.Contains(file!.Value.Path, StringComparison.Ordinal)) ?? (files.Count > 0 ? files[0] : null);

    private string Heading() => french ? "Les chiffres" : "The figures";

    private bool Asks(string words) => Regex.IsMatch(step, $@"(?<!\p{{L}})({words})(?!\p{{L}})", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));

    // The column to add up is the last whose values are numbers; the one to group by is the first that has neither numbers nor days.
    private static (string Group, string Value) Columns(string text)
    {
        var lines = text.Split('\n').Where(line => line.Trim().Length > 0).ToList();
        var (head, first) = (Split(lines[0]), lines.Count > 1 ? Split(lines[1]) : []);
        bool IsNumber(int i) => i < first.Length && decimal.TryParse(first[i].Replace(',', '.'), CultureInfo.InvariantCulture, out _);
        var value = Enumerable.Range(0, head.Length).LastOrDefault(IsNumber);
        var group = Enumerable.Range(0, head.Length).FirstOrDefault(i => i != value && i < first.Length && first[i].Length > 0 && !char.IsDigit(first[i][0]));
        return (head[group], head[value]);
    }

    private static string[] Split(string line) => line.Split(line.Contains(';', StringComparison.Ordinal) ? ';' : ',', StringSplitOptions.TrimEntries);

    // The rows of the last table of a Markdown text whose last cell is a number.
    private static List<(string Name, decimal Value)> Rows(string markdown)
    {
        var rows = new List<(string, decimal)>();
        foreach (var line in markdown.Split('\n').Where(line => line.StartsWith('|')))
        {
            var cells = line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries);
            if (line.Contains("---", StringComparison.Ordinal))
                rows.Clear();
            else if (decimal.TryParse(Digits(cells[^1]), NumberStyles.Number, CultureInfo.InvariantCulture, out var value))
                rows.Add((cells[0], value));
        }
        return rows;
    }

    // A calculation's results come as "expression = value", one a line.
    private static List<decimal> Values(string result) =>
        [.. result.Split('\n').Select(line => decimal.TryParse(Digits(line[(line.LastIndexOf('=') + 1)..]), NumberStyles.Number, CultureInfo.InvariantCulture, out var value) ? value : 0)];

    private static string Digits(string text) => new([.. text.Where(c => char.IsAsciiDigit(c) || c is '.' or '-')]);

    private static string Number(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Plain(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Short(string text)
    {
        var line = text.Trim().Split('\n', '.', '?', '!')[0].Trim();
        return line.Length > 100 ? line[..100].TrimEnd() + "…" : line;
    }

    // A line "Name: …", with all that follows until the next of the known names.
    private static string Part(string user, string name) =>
        Regex.Match(user, $@"(?:\A|\n){name}:\s?(?<text>[\s\S]*?)(?=\n\n(?:Plan|Files|The document so far|Current step):|\z)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["text"].Value.Trim();

    private static Said Calculate(params string[] expressions) => new("", Call.Of("calculate", new JsonObject { ["expressions"] = new JsonArray([.. expressions.Select(each => JsonValue.Create(each))]) }));

    private static Said Read(string path) => new("", Call.Of("read_file", new JsonObject { ["path"] = path }));

    private static Said Frequent(string path) => new("", Call.Of("text", new JsonObject { ["file"] = path, ["operation"] = "frequent_words" }));

    private static Said Finish(string outcome, string heading, string markdown) => new("", Call.Of("finish_step", new JsonObject { ["outcome"] = outcome, ["heading"] = heading, ["markdown"] = markdown }));

    [GeneratedRegex(@"\b(le|la|les|une|des|pour|moi|est|quel|quelle|sur|dans|mes|offre)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex French();

    [GeneratedRegex("<file path=\"(?<path>[^\"\n]+)\"[^>\n]*>\n(?<text>[\\s\\S]*?)</file>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex File();

    [GeneratedRegex(@"\n\d+\. (?<step>[^\n]+?) \(done: (?<outcome>[^\n]*)\)(?=\n|\z)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Done();

    [GeneratedRegex(@"\A\d+\.\s*", RegexOptions.None, 1000)]
    private static partial Regex StepNumber();

    [GeneratedRegex(@"(?<name>[\p{L}][\p{L}\p{N} ’'-]{0,40}?)\s*:\s*(?<once>\d[\d.]*)(?!\p{L})[^;.\n\d]*(?<yearly>\d[\d.]*)?[^;.\n\d]*(?=[;.\n]|\z)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Offer();

    [GeneratedRegex(@"\b(picture|image) (of (a |an |the )?|d’une? |d'une? )(?<what>[^.,;!?\n]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PictureOf();

    [GeneratedRegex(@"\b(?<n>\d{1,2}|two|three|five|ten|deux|trois|cinq|dix) (years|ans|months|mois)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Years();
}
