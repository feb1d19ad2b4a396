using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>What a content generator asks for: a text of about the wanted length around the sentence that it was given, in its words.</summary>
internal static partial class Article
{
    /// <summary>The answer when the system message is a content generator's, else null.</summary>
    public static string? Answer(string system, string subject)
    {
        if (!Asked().IsMatch(system) || Wanted().Match(system) is not { Success: true } wanted)
            return null;
        var french = wanted.Groups["language"].Value == "French";
        var length = int.Parse(wanted.Groups["length"].Value, CultureInfo.InvariantCulture);
        var variant = Variant().Match(system) is { Success: true } v ? int.Parse(v.Groups["n"].Value, CultureInfo.InvariantCulture) : 1;
        var audience = Audience().Match(system) is { Success: true } a ? a.Groups["who"].Value : french ? "chacun" : "everybody";
        var keywords = Keywords().Match(system) is { Success: true } k ? k.Groups["words"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
        subject = subject.Trim().TrimEnd('.');
        var about = Word().Matches(subject).Select(match => match.Value).Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(word => word.Length).Take(4).Concat(keywords).ToList();
        if (about.Count == 0)
            about.Add(subject);

        var text = new StringBuilder($"# {Title(subject, variant, french)}\n\n{Opening(subject, audience, variant, french)}\n");
        for (var i = 0; Words(text) < length && i < 60; i++)
        {
            var word = about[(i + variant) % about.Count];
            if (i % 4 == 0)
                text.Append(CultureInfo.InvariantCulture, $"\n## {char.ToUpper(word[0], CultureInfo.InvariantCulture)}{word[1..]}\n\n");
            text.Append(Sentence(i, word, audience, french)).Append(i % 2 == 1 ? "\n\n" : " ");
        }
        return text.ToString().TrimEnd() + "\n";
    }

    private static string Title(string subject, int variant, bool french)
    {
        var head = subject.Split([':', ',', '.'])[0].Trim();
        return (variant, french) switch
        {
            (2, false) => $"A morning with: {head}",
            (2, true) => $"Une matinée avec : {head}",
            (3, false) => $"{head}: what does it change?",
            (3, true) => $"{head} : qu’est-ce que cela change ?",
            _ => head,
        };
    }

    private static string Opening(string subject, string audience, int variant, bool french) => (variant, french) switch
    {
        (2, false) => $"It is early, and somebody asks about it: {subject}. The answer is shorter than one thinks.",
        (2, true) => $"Il est tôt, et quelqu’un demande : {subject}. La réponse est plus courte qu’on ne croit.",
        (3, false) => $"Have you ever wondered about this: {subject}? Here is what it means for {audience}.",
        (3, true) => $"Vous êtes-vous déjà demandé : {subject} ? Voici ce que cela signifie pour {audience}.",
        (_, false) => $"{subject}. That is good news for {audience}, and here is why.",
        _ => $"{subject}. C’est une bonne nouvelle pour {audience}, et voici pourquoi.",
    };

    private static string Sentence(int i, string word, string audience, bool french) => (i % 8, french) switch
    {
        (0, false) => $"Begin with {word}: it is what one notices first.",
        (1, false) => $"Whoever looks closer sees how much {word} depends on patience.",
        (2, false) => $"For {audience}, {word} is where the difference shows.",
        (3, false) => $"Nothing about {word} has to be complicated.",
        (4, false) => $"There is a simple way to tell good {word} from the rest: use it for a week.",
        (5, false) => $"Ask somebody who knows {word} well, and listen to the second sentence.",
        (6, false) => $"In the end {word} is a matter of care.",
        (7, false) => $"That is why {word} comes back in every conversation about it.",
        (0, _) => $"Commencez par {word} : c’est ce que l’on remarque d’abord.",
        (1, _) => $"Qui regarde de plus près voit combien {word} demande de patience.",
        (2, _) => $"Pour {audience}, c’est avec {word} que la différence se voit.",
        (3, _) => $"Rien, dans {word}, n’a besoin d’être compliqué.",
        (4, _) => $"Il existe une façon simple de juger {word} : s’en servir une semaine.",
        (5, _) => $"Demandez à quelqu’un qui connaît {word}, et écoutez sa deuxième phrase.",
        (6, _) => $"Au fond, {word} est une affaire de soin.",
        _ => $"C’est pourquoi {word} revient dans chaque conversation.",
    };

    private static int Words(StringBuilder text) => Word().Count(text.ToString());

    [GeneratedRegex(@"^You write [\w ]+s\. Write in ", RegexOptions.None, 1000)]
    private static partial Regex Asked();

    [GeneratedRegex(@"Write in (?<language>\p{L}+), in a \p{L}+ tone, about (?<length>\d+) words", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Wanted();

    [GeneratedRegex(@"words, for (?<who>[^.]+)\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Audience();

    [GeneratedRegex(@"Use these words naturally: (?<words>[^.]+)\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Keywords();

    [GeneratedRegex(@"This is variant (?<n>\d)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variant();

    [GeneratedRegex(@"\p{L}[\p{L}’-]{3,}", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
