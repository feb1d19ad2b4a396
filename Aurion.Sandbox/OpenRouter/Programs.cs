using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>Programs that the stand-in writes; each one runs as it is.</summary>
internal static class Programs
{
    /// <summary>A function in the language that the message names, about what it asks for.</summary>
    public static string Function(string message)
    {
        bool Says(string word) => message.Contains(word, StringComparison.OrdinalIgnoreCase);
        var prime = Says("prime") || Says("premier");
        return Says("python")
            ? prime
                ? "```python\ndef is_prime(n: int) -> bool:\n    \"\"\"Whether n has no divisor but 1 and itself.\"\"\"\n    return n > 1 and all(n % d for d in range(2, int(n ** 0.5) + 1))\n\n\nassert [n for n in range(20) if is_prime(n)] == [2, 3, 5, 7, 11, 13, 17, 19]\n```\n"
                : "```python\ndef total(prices: list[float], rate: float = 0.2) -> float:\n    \"\"\"The sum with tax, rounded to cents.\"\"\"\n    return round(sum(prices) * (1 + rate), 2)\n\n\nassert total([10, 20]) == 36.0\n```\n"
            : Says("c#")
                ? "```csharp\n/// <summary>The sum with tax, rounded to cents.</summary>\nstatic decimal Total(IEnumerable<decimal> prices, decimal rate = 0.2m) =>\n    Math.Round(prices.Sum() * (1 + rate), 2);\n\nConsole.WriteLine(Total([10m, 20m])); // 36.00\n```\n"
                : Says("sql")
                    ? "```sql\n-- The sum of each customer's orders, largest first.\nSELECT customer_id, sum(amount) AS total\n  FROM orders\n GROUP BY customer_id\n ORDER BY total DESC;\n```\n"
                    : prime
                        ? "```javascript\n/** Whether n has no divisor but 1 and itself. */\nexport function isPrime(n) {\n  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;\n  return n > 1;\n}\n\nconsole.assert(isPrime(19) && !isPrime(21));\n```\n"
                        : "```javascript\n/** The sum with tax, rounded to cents. */\nexport function total(prices, rate = 0.2) {\n  const sum = prices.reduce((all, price) => all + price, 0);\n  return Math.round(sum * (1 + rate) * 100) / 100;\n}\n\nconsole.assert(total([10, 20]) === 36);\n```\n";
    }

    /// <summary>A list that can be filled and ticked, in one file.</summary>
    public static string Page(string subject, bool french)
    {
        var title = HtmlEncoder.Create(UnicodeRanges.All).Encode(subject);
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
}
