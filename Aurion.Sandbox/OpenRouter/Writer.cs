using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>Writes answers: the same message always gets the same one, and it is of some use.</summary>
internal static partial class Writer
{
    public static string Answer(string message)
    {
        var french = French().IsMatch(message);
        if (Page().IsMatch(message))
            return (french ? "Voici une page en un seul fichier, prête à ouvrir :" : "Here is a page in one file, ready to open:") + $"\n\n```html\n{Application(message, french)}\n```\n";
        if (Sum().Match(message) is { Success: true } sum)
            return Calculate(sum);
        if (Code().IsMatch(message))
            return (french ? "Une fonction courte, avec son essai :" : "A short function, with its check:") + "\n\n" + Function(message);
        return Chat(message, french);
    }

    /// <summary>Pieces of a few letters, as tokens are.</summary>
    public static IEnumerable<string> Pieces(string text) => Token().Matches(text).Select(match => match.Value);

    private static string Chat(string message, bool french)
    {
        var subject = Subject(message);
        return french
            ? $"Pour « {subject} », voici comment je m’y prendrais.\n\n1. Dire en une phrase le résultat attendu.\n2. Faire d’abord la plus petite partie utile.\n3. La montrer à une personne concernée, puis corriger.\n\nSouhaitez-vous que je détaille la première étape ?"
            : $"On “{subject}”, here is how I would go about it.\n\n1. Say in one sentence what the result should be.\n2. Do the smallest useful part first.\n3. Show it to somebody whom it concerns, then correct.\n\nShall I go into the first step?";
    }

    private static string Calculate(Match sum)
    {
        var (a, b) = (decimal.Parse(sum.Groups["a"].Value, CultureInfo.InvariantCulture), decimal.Parse(sum.Groups["b"].Value, CultureInfo.InvariantCulture));
        decimal? result = sum.Groups["op"].Value switch { "+" => a + b, "-" => a - b, "*" or "×" or "x" => a * b, _ => b == 0 ? null : a / b };
        return result is { } value ? string.Create(CultureInfo.InvariantCulture, $"{sum.Value.Trim()} = {value:0.####}") : "Nothing can be divided by zero.";
    }

    private static string Function(string message) => message.Contains("python", StringComparison.OrdinalIgnoreCase)
        ? "```python\ndef total(prices: list[float], rate: float = 0.2) -> float:\n    \"\"\"The sum with tax, rounded to cents.\"\"\"\n    return round(sum(prices) * (1 + rate), 2)\n\n\nassert total([10, 20]) == 36.0\n```\n"
        : "```javascript\n/** The sum with tax, rounded to cents. */\nexport function total(prices, rate = 0.2) {\n  const sum = prices.reduce((all, price) => all + price, 0);\n  return Math.round(sum * (1 + rate) * 100) / 100;\n}\n\nconsole.assert(total([10, 20]) === 36);\n```\n";

    private static string Application(string message, bool french)
    {
        var title = WebUtility.HtmlEncode(Subject(message));
        var (add, what) = french ? ("Ajouter", "Quoi ?") : ("Add", "What?");
        return $$"""
            <!doctype html>
            <html lang="{{(french ? "fr" : "en")}}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{title}}</title>
            <style>
              body { font: 1rem/1.5 system-ui; max-width: 36rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
              li { cursor: pointer } li.done { text-decoration: line-through }
            </style>
            </head>
            <body>
            <h1>{{title}}</h1>
            <form id="form"><input id="what" placeholder="{{what}}" required> <button>{{add}}</button></form>
            <ul id="list"></ul>
            <script>
              form.onsubmit = event => {
                event.preventDefault();
                const item = document.createElement("li");
                item.textContent = what.value;
                item.onclick = () => item.classList.toggle("done");
                list.append(item);
                form.reset();
              };
            </script>
            </body>
            </html>
            """;
    }

    private static string Subject(string message)
    {
        var line = message.Trim().Split('\n', '.', '?', '!')[0].Trim();
        return line.Length > 80 ? line[..80].TrimEnd() + "…" : line;
    }

    [GeneratedRegex(@"\b(le|la|les|une|des|pour|moi|écris|fais|crée|bonjour|est-ce)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex French();

    [GeneratedRegex(@"\b(app|application|page|site|html|website)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Page();

    [GeneratedRegex(@"\b(code|function|fonction|script|javascript|python|method)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<a>-?\d{1,9}(?:\.\d{1,6})?)\s*(?<op>[-+*/×x])\s*(?<b>\d{1,9}(?:\.\d{1,6})?)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sum();

    [GeneratedRegex(@"\s*\S{1,5}|\s+$", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
