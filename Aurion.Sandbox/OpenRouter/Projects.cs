using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>
/// What a builder or a code editor asks for: plans, projects of several files about the brief's own words, and edits of the files that
/// were sent. Everything is derived from the request, but for the apps that were recorded; what it makes runs.
/// </summary>
internal static partial class Projects
{
    /// <summary>The answer when the system message is a builder's or a code editor's, else null.</summary>
    public static string? Answer(string system, string user, string last, string trouble)
    {
        if (system.Contains("assistant of a code editor", StringComparison.Ordinal))
            return CodeHelp.Answer(system, user, trouble);
        var isSite = system.Contains("You build complete websites", StringComparison.Ordinal);
        if (!isSite && !system.Contains("You build small web applications", StringComparison.Ordinal))
            return null;
        var files = FilesIn(user);
        var brief = Brief.Of(RequestIn(user));
        var recorded = isSite || files.Count > 0 ? null : RecordedApp.Find(brief.Text);
        if (system.Contains("First make a plan", StringComparison.Ordinal))
            return recorded?.Plan ?? Plan(brief, isSite, files.Count > 0);
        if (system.Contains("The preview reported errors", StringComparison.Ordinal))
            return Repair(files, user, brief.IsFrench);
        if (last.Contains("could not be used", StringComparison.Ordinal))
            return files.Count == 0 ? Whole(brief, isSite, "") : Shown(Changed(files, brief).Files);
        if (files.Count == 0)
            return recorded is null ? Whole(brief, isSite, trouble) : $"Here is the app: {brief.Subject}.\n\n{Shown([.. recorded.Files, ("style.css", Style)])}";
        return Edited(files, brief, fits: trouble != "edit");
    }

    internal static List<(string Path, string Text)> FilesIn(string message) =>
        [.. File().Matches(message).Select(match => (match.Groups["path"].Value, match.Groups["text"].Value))];

    internal static string Shown(IEnumerable<(string Path, string Text)> files) =>
        string.Join('\n', files.Select(file => $"<file path=\"{file.Path}\">\n{file.Text.TrimEnd('\n')}\n</file>"));

    /// <summary>One block that changes the lines from one text to the other.</summary>
    internal static string Block(string path, string search, string replace, bool fits = true) =>
        $"{path}\n<<<<<<< SEARCH\n{search}{(fits ? "" : " // this line is nowhere")}\n=======\n{replace}\n>>>>>>> REPLACE\n";

    private static string RequestIn(string message) => Request().Match(message) is { Success: true } request ? request.Groups["text"].Value.Trim() : message;

    private static string Plan(Brief brief, bool isSite, bool exists)
    {
        var (one, many, when) = (brief.One, brief.Many, brief.HasTime);
        string[] steps = (brief.IsFrench, exists, isSite) switch
        {
            (true, true, _) => [$"Faire ce qui est demandé : {brief.Last}", "Garder tout le reste tel quel", "Vérifier que la page fonctionne encore au clavier"],
            (false, true, _) => [$"Do what is asked: {brief.Last}", "Leave everything else as it is", "Check that the page still works by keyboard"],
            (true, _, true) => [$"Une page d’accueil qui présente : {brief.Subject}", $"Une page avec {many}, en trois parties", "Une page pour venir et prendre contact", "Une seule feuille de style, lisible sur un téléphone"],
            (false, _, true) => [$"A home page that introduces: {brief.Subject}", $"A page with {many}, in three parts", "A page for finding the way and making contact", "One style sheet, easy to read on a phone"],
            (true, _, _) => [$"Une liste de {many}, avec trois exemples", $"Un formulaire pour ajouter : {string.Join(", ", brief.Fields)}", when ? "Trier par date et signaler ce qui se chevauche" : $"Cocher et retirer {many}", $"Compter {many} en haut de la page"],
            _ => [$"A list of {many}, with three examples to begin with", $"A form that adds one: {string.Join(", ", brief.Fields)}", when ? "Sort by time and point out what overlaps" : $"Tick and remove {many}", $"Count the {many} at the top ({one} by {one})"],
        };
        return string.Join('\n', steps.Select((step, i) => $"{i + 1}. {step}"));
    }

    private static string Whole(Brief brief, bool isSite, string trouble)
    {
        var files = isSite ? Site.Files(brief) : App.Files(brief, isBroken: trouble == "broken");
        var lead = brief.IsFrench ? $"Voici {(isSite ? "le site" : "l’application")} : {brief.Subject}." : $"Here is the {(isSite ? "site" : "app")}: {brief.Subject}.";
        return $"{lead}\n\n{Shown(files)}";
    }

    private static string Edited(List<(string Path, string Text)> files, Brief brief, bool fits)
    {
        var (_, blocks, said) = Changed(files, brief, fits);
        return $"{said}\n\n{string.Concat(blocks)}";
    }

    // What a sentence asks for: another word, another colour, a search, else a line that says it on the page.
    private static (List<(string Path, string Text)> Files, List<string> Blocks, string Said) Changed(List<(string Path, string Text)> files, Brief brief, bool fits = true)
    {
        var ask = brief.Last;
        var blocks = new List<string>();
        var result = files.ToList();
        void Change(Predicate<(string Path, string Text)> which, Func<string, (string Search, string Replace)?> how)
        {
            var at = result.FindIndex(which);
            if (at < 0 || how(result[at].Text) is not var (search, replace))
                return;
            blocks.Add(Block(result[at].Path, search, replace, fits));
            result[at] = (result[at].Path, result[at].Text.Replace(search, replace, StringComparison.Ordinal));
        }

        if (Swap().Match(ask) is { Success: true } swap)
            foreach (var (path, _) in files)
                Change(file => file.Path == path, text => LineWith(text, swap.Groups["from"].Value) is { } line && Once(text, line) ? (line, line.Replace(swap.Groups["from"].Value, swap.Groups["to"].Value, StringComparison.Ordinal)) : null);
        else if (Colour().Match(ask) is { Success: true } colour)
            Change(file => file.Path.EndsWith(".css", StringComparison.Ordinal), text => LineWith(text, "--accent:") is { } line ? (line, $"  --accent: {Tone(colour.Value)};") : null);
        else if (Search().IsMatch(ask) && files.Exists(file => file.Path == "app.js"))
        {
            Change(file => file.Path == "index.html", text => LineWith(text, "<ul id=\"list\"") is { } line ? (line, $"    <label for=\"find\">{(brief.IsFrench ? "Chercher" : "Search")}</label> <input id=\"find\" type=\"search\">\n{line}") : null);
            Change(file => file.Path == "app.js", text => LineWith(text, "show();") is { } line && Once(text, line) ? (line, $"document.getElementById(\"find\").addEventListener(\"input\", ({{ target }}) => {{\n  for (const row of list.children) row.hidden = !row.textContent.toLowerCase().includes(target.value.toLowerCase());\n}});\n{line}") : null);
        }
        if (blocks.Count == 0)
            Change(file => file.Path == "index.html", text => LineWith(text, "</header>") is { } line && Once(text, line) ? (line, $"{line}\n  <p class=\"note\">{WebUtility.HtmlEncode(ask)}</p>") : LineWith(text, "</h1>") is { } head ? (head, $"{head}\n<p class=\"note\">{WebUtility.HtmlEncode(ask)}</p>") : null);
        return (result, blocks, brief.IsFrench ? $"C’est fait : {ask}" : $"Done: {ask}");
    }

    private static string Repair(List<(string Path, string Text)> files, string user, bool french)
    {
        var fault = Undefined().Match(user);
        var file = files.Find(file => file.Path.EndsWith(".js", StringComparison.Ordinal) && fault.Success && file.Text.Contains(fault.Groups["name"].Value, StringComparison.Ordinal));
        if (file.Path is null)
            return french ? "Je n’ai pas trouvé la cause dans ces fichiers." : "I did not find the cause in these files.";
        var first = file.Text.Split('\n')[0];
        return (french ? $"`{fault.Groups["name"].Value}` n’était défini nulle part ; il l’est maintenant." : $"`{fault.Groups["name"].Value}` was defined nowhere; it is now.")
            + "\n\n" + Block(file.Path, first, $"{first}\nconst {fault.Groups["name"].Value} = [];");
    }

    private static string? LineWith(string text, string word) => text.Split('\n').FirstOrDefault(line => line.Contains(word, StringComparison.Ordinal));

    private static bool Once(string text, string line) => text.IndexOf(line, StringComparison.Ordinal) == text.LastIndexOf(line, StringComparison.Ordinal);

    private static string Tone(string word) => word.ToUpperInvariant() switch
    {
        "GREEN" or "VERT" or "VERTE" => "#1f6b45",
        "RED" or "ROUGE" => "#a3262a",
        "ORANGE" => "#a2470b",
        "PURPLE" or "VIOLET" or "VIOLETTE" => "#5b3a9e",
        "BLACK" or "NOIR" or "NOIRE" => "#1c1c22",
        _ => "#1f4fa3",
    };

    [GeneratedRegex(@"<file path=""(?<path>[^""\n]+)"">\n(?<text>.*?)\n?</file>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex File();

    [GeneratedRegex(@"(?:^|\n)Request: (?<text>.*?)(?=\nPlan:\n|\nA part of your answer|\z)", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Request();

    [GeneratedRegex(@"\b(rename|replace|change|renomme[rz]?|remplace[rz]?)\s+[""«“]?\s*(?<from>[^""»”]+?)\s*[""»”]?\s+(to|with|by|into|en|par)\s+[""«“]?\s*(?<to>[^""»”.]+?)\s*[""»”]?\s*\.?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Swap();

    [GeneratedRegex(@"\b(green|red|blue|orange|purple|violette?|black|verte?|rouge|bleue?|noire?)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Colour();

    [GeneratedRegex(@"\b(search|filter|find|chercher|recherche|filtrer)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Search();

    [GeneratedRegex(@"(?<name>[A-Za-z_$][\w$]*) is not defined", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Undefined();

    /// <summary>What a brief is about, in its own words.</summary>
    internal sealed partial record Brief(string Text, string Last, string Subject, string One, string Many, IReadOnlyList<string> Things, IReadOnlyList<string> Fields, bool HasTime, bool HasPrice, bool HasCount, bool IsFrench)
    {
        public static Brief Of(string text)
        {
            text = Trouble().Replace(text, "").Trim();
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var (first, last) = (lines.Length > 0 ? lines[0] : text, lines.Length > 0 ? lines[^1] : text);
            var french = French().Count(text) > 1;
            var subject = first.Split(':', '.', '\n')[0].Trim();
            subject = Article().Replace(subject, "");
            subject = subject.Length > 60 ? subject[..60].TrimEnd() + "…" : subject;
            subject = subject.Length == 0 ? (french ? "Ma page" : "My page") : char.ToUpper(subject[0], CultureInfo.InvariantCulture) + subject[1..];
            bool Says(string words) => Regex.IsMatch(text, $@"\b({words})\b", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
            var things = first.Contains(':', StringComparison.Ordinal)
                ? first[(first.IndexOf(':', StringComparison.Ordinal) + 1)..].Split([",", " and ", " et "], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(thing => Article().Replace(thing.TrimEnd('.', ' '), "")).Where(thing => thing.Length > 2).Take(4).ToList()
                : [];
            var nouns = Noun().Matches(subject).Select(match => match.Value.ToLowerInvariant()).Where(word => !Common.Contains(word)).ToList();
            var one = Says("booking|book|appointment|appointments|réservation|rendez-vous") ? (french ? "rendez-vous" : "booking")
                : Says("log|journal") ? (french ? "entrée" : "entry")
                : Says("brings|apporte") ? (french ? "apport" : "contribution")
                : nouns.Count > 0 ? nouns[^1].TrimEnd('s') : french ? "élément" : "item";
            var many = one.EndsWith('s') || one.EndsWith('x') ? one : one.EndsWith('y') && !french ? one[..^1] + "ies" : one + "s";
            var (time, price, count) = (Says("booking|book|appointment|times?|date|day|hours?|log|calendar|réservation|rendez-vous|horaires?|créneaux|jour|journal"), Says("price|prices|cost|shop|order|orders|services?|prix|tarifs?|commande|commandes|prestations?"), Says("how many|quantity|count|missing|stock|combien|quantité|manque"));
            List<string> fields = [french ? "nom" : "name"];
            if (time)
                fields.Add(french ? "date et heure" : "date and time");
            if (price)
                fields.Add(french ? "prix" : "price");
            if (count)
                fields.Add(french ? "quantité" : "how many");
            return new(text, last, subject, one, many, things, fields, time, price, count, french);
        }

        private static readonly HashSet<string> Common = ["app", "application", "site", "page", "website", "shared", "list", "liste", "partagée", "pour", "with", "avec", "that", "from", "mon", "mes", "ma", "for", "the", "and", "les", "des", "une", "who", "what", "qui", "quoi", "portfolio"];

        [GeneratedRegex(@"\bfail:\S+", RegexOptions.None, 1000)]
        private static partial Regex Trouble();

        [GeneratedRegex(@"\b(le|la|les|des|une|un|est|nous|vous|pour|dans|avec|du|mon|mes|sur)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
        private static partial Regex French();

        [GeneratedRegex(@"^(please\s+)?((make|build|create|write|fais|crée|faites|créez)\s+(me\s+|moi\s+)?)?(a|an|the|une?|le|la|les|l’|l')\s+|^(what|how)\s+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
        private static partial Regex Article();

        [GeneratedRegex(@"\p{L}[\p{L}’-]{2,}", RegexOptions.None, 1000)]
        private static partial Regex Noun();
    }

    private static class App
    {
        public static List<(string Path, string Text)> Files(Brief brief, bool isBroken) => [("index.html", Html(brief)), ("style.css", Style), ("app.js", Script(brief, isBroken))];

        private static string Html(Brief brief)
        {
            var (french, title) = (brief.IsFrench, WebUtility.HtmlEncode(brief.Subject));
            var fields = new StringBuilder();
            void Field(string id, string type, string label, string more = "") => fields.Append(CultureInfo.InvariantCulture, $"      <p><label for=\"{id}\">{label}</label> <input id=\"{id}\" type=\"{type}\" {more}required></p>\n");
            Field("what", "text", french ? "Nom" : "Name", "maxlength=\"60\" ");
            if (brief.HasTime)
                Field("when", "datetime-local", french ? "Date et heure" : "Date and time");
            if (brief.HasPrice)
                Field("price", "number", french ? "Prix" : "Price", "min=\"0\" step=\"0.01\" ");
            if (brief.HasCount)
                Field("count", "number", french ? "Quantité" : "How many", "min=\"1\" value=\"1\" ");
            return $"""
                <!doctype html>
                <html lang="{(french ? "fr" : "en")}">
                <head>
                  <meta charset="utf-8">
                  <meta name="viewport" content="width=device-width, initial-scale=1">
                  <title>{title}</title>
                  <link rel="stylesheet" href="style.css">
                </head>
                <body>
                  <header>
                    <h1>{title}</h1>
                    <p><strong id="total">0</strong> {WebUtility.HtmlEncode(brief.Many)}</p>
                  </header>
                  <main>
                    <form id="form">
                {fields.ToString().TrimEnd('\n')}
                      <button>{(french ? "Ajouter" : "Add")}</button>
                    </form>
                    <ul id="list" aria-label="{WebUtility.HtmlEncode(brief.Many)}"></ul>
                  </main>
                  <script src="app.js"></script>
                </body>
                </html>
                """;
        }

        private static string Script(Brief brief, bool isBroken)
        {
            var names = brief.Things.Count > 0 ? brief.Things : [.. Enumerable.Range(1, 3).Select(n => $"{brief.One} {n}")];
            var examples = names.Take(3).Select((name, i) => $"  {{ what: {Quoted(name)}{(brief.HasTime ? $", when: \"2026-05-{12 + i}T{9 + i:00}:00\"" : "")}{(brief.HasPrice ? $", price: {25 + (10 * i)}" : "")}{(brief.HasCount ? $", count: {i + 1}" : "")}, done: false }},");
            List<string> shown = ["entry.what"];
            if (brief.HasTime)
                shown.Add($"new Date(entry.when).toLocaleString(\"{(brief.IsFrench ? "fr" : "en")}\", {{ dateStyle: \"medium\", timeStyle: \"short\" }})");
            if (brief.HasPrice)
                shown.Add("Number(entry.price).toFixed(2)");
            if (brief.HasCount)
                shown.Add("`× ${entry.count}`");
            return $$"""
                // {{brief.Subject}}
                const entries = [
                {{string.Join('\n', examples)}}
                ];
                const list = document.getElementById("list");
                const form = document.getElementById("form");
                {{(isBroken ? "store.push(...entries);\n" : "")}}
                function show() {
                {{(brief.HasTime ? "  entries.sort((a, b) => a.when.localeCompare(b.when));\n" : "")}}  list.replaceChildren(...entries.map(entry => {
                    const row = document.createElement("li");
                    const tick = Object.assign(document.createElement("input"), { type: "checkbox", checked: entry.done });
                    const label = document.createElement("label");
                    label.append(tick, ` ${[{{string.Join(", ", shown)}}].join(" · ")}`);
                    tick.addEventListener("change", () => { entry.done = tick.checked; show(); });
                    const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "{{(brief.IsFrench ? "Retirer" : "Remove")}}" });
                    remove.addEventListener("click", () => { entries.splice(entries.indexOf(entry), 1); show(); });
                    row.className = entry.done ? "done" : "";
                    row.append(label, remove);
                    return row;
                  }));
                  document.getElementById("total").textContent = entries.filter(entry => !entry.done).length;
                }

                form.addEventListener("submit", event => {
                  event.preventDefault();
                  entries.push({ ...Object.fromEntries([...form.querySelectorAll("input")].map(input => [input.id, input.value])), done: false });
                  form.reset();
                  form.querySelector("input").focus();
                  show();
                });

                show();
                """;
        }

        private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private static class Site
    {
        public static List<(string Path, string Text)> Files(Brief brief)
        {
            var french = brief.IsFrench;
            var things = brief.Things.Count > 0 ? brief.Things : [brief.Many, french ? "Venir" : "Visit", "Contact"];
            var pages = new (string Path, string Name, string Body)[]
            {
                ("index.html", french ? "Accueil" : "Home", $"<p class=\"lead\">{(french ? "Bienvenue" : "Welcome")}: {E(brief.Text.Split('\n')[0])}</p>\n    <div class=\"cards\">\n{string.Join('\n', things.Select(thing => $"      <section><h2>{E(Big(thing))}</h2><p>{(french ? "Tout sur" : "All about")} {E(thing)}.</p></section>"))}\n    </div>"),
                ("offer.html", Big(things[0]), $"<ul>\n{string.Join('\n', things.Select(thing => $"      <li>{E(Big(thing))}</li>"))}\n    </ul>"),
                ("contact.html", "Contact", french ? "<p>Écrivez-nous ou passez nous voir ; nous répondons dans la journée.</p>" : "<p>Write to us or come by; we answer within a day.</p>"),
            };
            return [.. pages.Select(page => (page.Path, Page(brief, pages.Select(other => (other.Path, other.Name)), page))), ("style.css", Style)];
        }

        private static string Page(Brief brief, IEnumerable<(string Path, string Name)> all, (string Path, string Name, string Body) page) => $"""
            <!doctype html>
            <html lang="{(brief.IsFrench ? "fr" : "en")}">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>{E(page.Name)} · {E(brief.Subject)}</title>
              <link rel="stylesheet" href="style.css">
            </head>
            <body>
              <header>
                <p class="brand">{E(brief.Subject)}</p>
                <nav>{string.Join(" ", all.Select(other => $"<a href=\"{other.Path}\"{(other.Path == page.Path ? " aria-current=\"page\"" : "")}>{E(other.Name)}</a>"))}</nav>
              </header>
              <main>
                <h1>{E(page.Path == "index.html" ? brief.Subject : page.Name)}</h1>
                {page.Body}
              </main>
            </body>
            </html>
            """;

        private static string E(string text) => WebUtility.HtmlEncode(text);

        private static string Big(string text) => char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..];
    }

    private const string Style = """
        :root {
          --accent: #1f4fa3;
          color-scheme: light dark;
        }
        body { max-width: 46rem; margin: 0 auto; padding: 1rem; font: 1.0625rem/1.6 system-ui, sans-serif; }
        header { padding-bottom: .5rem; border-bottom: 4px solid var(--accent); }
        .brand { margin: 0; font-weight: 700; }
        nav a { display: inline-block; margin-right: 1rem; padding: .25rem 0; }
        label { font-weight: 600; }
        input:not([type=checkbox]) { min-height: 2.5rem; padding: 0 .5rem; font: inherit; }
        button { min-height: 2.5rem; padding: 0 1rem; border: 0; border-radius: 6px; background: var(--accent); color: #fff; font: inherit; cursor: pointer; }
        #list { padding: 0; list-style: none; }
        #list li { display: flex; justify-content: space-between; gap: 1rem; align-items: center; padding: .5rem 0; border-bottom: 1px solid #8886; }
        #list .done label { text-decoration: line-through; opacity: .7; }
        .cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); }
        .cards section { padding: 1rem; border: 1px solid #8886; border-radius: 10px; }
        .note { padding: .5rem 1rem; border-left: 4px solid var(--accent); }
        """;
}
