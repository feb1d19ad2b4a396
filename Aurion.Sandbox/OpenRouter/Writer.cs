using System.Globalization;
using System.Text.RegularExpressions;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>Writes answers in the language of the message: the same message always gets the same one, and it is of some use.</summary>
internal static partial class Writer
{
    /// <param name="system">What the system messages say; one that names SEARCH and REPLACE gets edits in that form.</param>
    /// <param name="whole">All that the person said, where it is more than the last message.</param>
    /// <param name="trouble">The word after <c>fail:</c>; <c>half</c> and <c>edit</c> spoil the answer itself.</param>
    public static string Answer(string message, string system = "", string trouble = "", string? whole = null)
    {
        var french = French().IsMatch(message);
        if (Repeat().Match(message) is { Success: true } repeat)
            return repeat.Groups["text"].Value;
        if (Passage.Answer(system, message) is { } passage)
            return Half(passage, trouble);
        if (Article.Answer(system, message) is { } article)
            return Half(article, trouble);
        if (Projects.Answer(system, whole ?? message, message, trouble) is { } project)
            return Half(project, trouble);
        if (Edit.Of(message) is { } edit)
            return edit.Answer(french, asBlocks: system.Contains("SEARCH", StringComparison.Ordinal), fits: trouble != "edit");
        if (Page().IsMatch(message))
            return Half((french ? "Voici une page en un seul fichier, prête à ouvrir :" : "Here is a page in one file, ready to open:") + $"\n\n```html\n{Programs.Page(PageTitle(message), french)}\n```\n", trouble);
        if (Sum().Match(message) is { Success: true } sum)
            return Calculate(sum, french);
        if (Code().IsMatch(message))
            return Half((french ? "Une fonction courte, avec son essai :" : "A short function, with its check:") + "\n\n" + Programs.Function(message), trouble);
        if (Table().IsMatch(message))
            return Compare(message, french);
        if (Summary().Match(message) is { Success: true } summary)
            return Summarise(summary.Groups["text"].Value, french);
        return Greeting().IsMatch(message) ? Greet(french) : Chat(message, french);
    }

    /// <summary>Pieces of a few letters, as tokens are.</summary>
    public static IEnumerable<string> Pieces(string text) => Token().Matches(text).Select(match => match.Value);

    private static string Greet(bool french) => french
        ? "Bonjour ! Je suis un modèle de langue. Posez une question, collez un texte à résumer ou demandez du code."
        : "Hello! I am a language model. Ask a question, paste a text to summarise, or ask for code.";

    private static string Chat(string message, bool french)
    {
        var subject = Subject(message);
        return french
            ? $"Pour « {subject} », voici comment je m’y prendrais.\n\n1. **Dire en une phrase** le résultat attendu.\n2. Faire d’abord la plus petite partie utile.\n3. La montrer à une personne concernée, puis corriger.\n\nSouhaitez-vous que je détaille la première étape ?"
            : $"On “{subject}”, here is how I would go about it.\n\n1. **Say in one sentence** what the result should be.\n2. Do the smallest useful part first.\n3. Show it to somebody whom it concerns, then correct.\n\nShall I go into the first step?";
    }

    private static string Compare(string message, bool french)
    {
        var things = Things().Matches(message).Select(match => match.Groups["thing"].Value).Where(thing => thing.Length > 0).Take(4).ToList();
        if (things.Count < 2)
            things = french ? ["Aujourd’hui", "Demain"] : ["Today", "Tomorrow"];
        var head = french ? "| Choix | Atout | À vérifier |\n| --- | --- | ---: |\n" : "| Option | Strength | To check |\n| --- | --- | ---: |\n";
        var lines = things.Select((thing, n) => french ? $"| {thing} | simple à commencer | coût sur {n + 1} an |" : $"| {thing} | easy to begin | cost over {n + 1} y |");
        return (french ? "Voici la comparaison :\n\n" : "Here is the comparison:\n\n") + head + string.Join('\n', lines) + "\n";
    }

    private static string Summarise(string text, bool french)
    {
        var sentences = Sentence().Matches(text).Select(match => match.Value.Trim()).ToList();
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        return (french ? $"En bref ({words} mots) : " : $"In short ({words} words): ") + string.Join(' ', sentences.Take(2));
    }

    private static string Calculate(Match sum, bool french)
    {
        var (a, b) = (decimal.Parse(sum.Groups["a"].Value, CultureInfo.InvariantCulture), decimal.Parse(sum.Groups["b"].Value, CultureInfo.InvariantCulture));
        decimal? result = sum.Groups["op"].Value switch { "+" => a + b, "-" => a - b, "*" or "×" or "x" => a * b, "% of" or "% de" => a * b / 100, _ => b == 0 ? null : a / b };
        return result is { } value ? string.Create(CultureInfo.InvariantCulture, $"{sum.Value.Trim()} = {value:0.####}")
            : french ? "Rien ne se divise par zéro." : "Nothing can be divided by zero.";
    }

    private static string Half(string text, string trouble) => trouble == "half" ? text[..(text.Length / 2)] : text;

    private static string Subject(string message)
    {
        var line = message.Trim().Split('\n', '.', '?', '!')[0].Trim();
        return line.Length > 80 ? line[..80].TrimEnd() + "…" : line;
    }

    private static string PageTitle(string message)
    {
        var title = PageWish().Replace(Subject(message), "");
        return title.Length == 0 ? title : char.ToUpper(title[0], CultureInfo.InvariantCulture) + title[1..];
    }

    [GeneratedRegex(@"^(write|make|build|create|écris|fais|crée)( me| moi|-moi)? (an?|une?) (web )?(page|site|website|app|application)( web)? (for|about|pour|sur) ((the|an?|le|la|les|une?) )?(?=\S)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex PageWish();

    [GeneratedRegex(@"\b(le|la|les|une|des|pour|moi|écris|fais|crée|bonjour|est-ce|quel|quelle|résume|compare[rz]|remplace|renomme)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex French();

    [GeneratedRegex(@"^\s*(repeat|répète)\s*:\s*(?<text>.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Repeat();

    [GeneratedRegex(@"\b(app|application|page|site|html|website)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Page();

    [GeneratedRegex(@"\b(code|function|fonction|script|javascript|python|c#|sql|method|méthode)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\b(table|tableau|compare|comparer|versus)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Table();

    [GeneratedRegex(@"(?<thing>[\p{L}\d-]{2,30})(?=\s*(,|\b(and|et|or|ou|versus)\b))|(?<=\b(and|et|or|ou|versus)\s((the|an?|le|la|les|une?|des)\s)?)(?!(the|an?|le|la|les|une?|des)\s)(?<thing>[\p{L}\d-]{2,30})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Things();

    [GeneratedRegex(@"^\s*(summari[sz]e|résume)[^:\n]*[:\n](?<text>.+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Summary();

    [GeneratedRegex(@"[^.!?]+[.!?]?", RegexOptions.None, 1000)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"^\s*(hello|hi|hey|bonjour|salut)\b.{0,12}$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Greeting();

    [GeneratedRegex(@"(?<a>-?\d{1,9}(?:\.\d{1,6})?)\s*(?<op>[-+*/×x]|% of|% de)\s*(?<b>\d{1,9}(?:\.\d{1,6})?)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sum();

    [GeneratedRegex(@"\s*\S{1,5}|\s+$", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
