using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aurion.Web.Ai.Images;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Tools.Works;

namespace Aurion.Web.Tools.Agents;

/// <summary>What an agent may call: sums, tables, texts, the files of its own piece of work, and pictures. Nothing else is reached.</summary>
internal static partial class AgentFunctions
{
    public const string FinishStep = "finish_step";
    public const string Picture = "picture";
    private const int LongestPart = 6_000;
    private const int LongestResult = 20_000;
    private const int MostRows = 60;
    private const int LongestLine = 300;
    private const int MostWords = 12;

    private static readonly IReadOnlyList<ModelFunction> Plain =
    [
        Offer("calculate", "Calculates exactly; use it for every figure. Each expression has numbers, + - * / ^ ( ) and round(x, digits), min, max, sum, avg, abs, sqrt.",
            """{"expressions":{"type":"array","items":{"type":"string"},"description":"Several at once."}}""", "expressions"),
        Offer("table", "Reads a table of a file (CSV, or a table in Markdown): filters, groups, adds up, sorts. Answers with a Markdown table.",
            """
            {"file":{"type":"string","description":"The file's path."},"where_column":{"type":"string","description":"Only rows whose value in this column …"},
             "where_contains":{"type":"string","description":"… contains this."},"group_by":{"type":"string","description":"One row for each value of this column."},
             "column":{"type":"string","description":"The column of numbers."},"aggregate":{"type":"string","enum":["sum","average","min","max","count"]},
             "sort_by":{"type":"string","description":"A column."},"descending":{"type":"boolean"},"limit":{"type":"integer"}}
            """, "file"),
        Offer("text", "Looks at a text: counts words, finds the lines with some words, or lists the words that come back most.",
            """
            {"file":{"type":"string","description":"The file's path."},"operation":{"type":"string","enum":["count","find","frequent_words"]},
             "words":{"type":"string","description":"What to find."}}
            """, "file", "operation"),
        Offer("read_file", "Reads 6000 characters of a file.",
            """{"path":{"type":"string","description":"The file's path."},"from":{"type":"integer","description":"The first character, 0 by default."}}""", "path"),
        Offer(FinishStep, "Ends the current step with what it adds to the document.",
            """
            {"outcome":{"type":"string","description":"One short sentence: what came out."},
             "heading":{"type":"string","description":"The section of the document; one that exists is replaced."},
             "markdown":{"type":"string","description":"The section's text, without its heading."}}
            """, "outcome", "heading", "markdown"),
    ];

    private static readonly ModelFunction Drawing = Offer(Picture, "Has a picture drawn for the document. It costs the person credits and they are asked first: only where the goal wants one.",
        $$$"""
        {"prompt":{"type":"string","description":"What the picture shows, in a sentence or two."},
         "size":{"type":"string","enum":{{{JsonSerializer.Serialize(PictureSize.All.Select(size => size.Id))}}}}}
        """, "prompt", "size");

    /// <summary>Those that there are; a picture where somebody draws.</summary>
    public static IReadOnlyList<ModelFunction> Offered(bool draws) => draws ? [.. Plain, Drawing] : Plain;

    /// <summary>The result that a model reads; one that begins with "Error" says what it did wrong. Empty: the step is finished, or the picture is to be drawn.</summary>
    public static string Perform(IReadOnlyList<WorkFile> files, FunctionCall call) => Given.Read(call.Arguments) switch
    {
        null => "Error: the arguments are no JSON.",
        { IsObject: false } => Fault("the arguments are no object"),
        { } given => Perform(files, call.Name, given),
    };

    private static string Perform(IReadOnlyList<WorkFile> files, string name, Given given)
    {
        try
        {
            return name switch
            {
                "calculate" => Calculate(given),
                "table" => AgentTable.Evaluate(FileOf(files, given.Text("file")), given).Cut(LongestResult),
                "text" => Look(FileOf(files, given.Text("file")), given.Text("operation"), given.Text("words") ?? "").Cut(LongestResult),
                "read_file" => Read(FileOf(files, given.Text("path")), Math.Max(0, given.Number("from") ?? 0)),
                Picture => IsPicture(given) ? "" : Fault($"prompt of 1 to {Studio.LongestPrompt} characters and size are needed"),
                FinishStep => given.Text("markdown") is not null && given.Text("outcome") is not null ? "" : Fault("outcome, heading and markdown are needed"),
                _ => Fault($"there is no function {name.Cut(LongestLine)}; there is {string.Join(", ", Plain.Select(each => each.Name))}"),
            };
        }
        catch (AgentFault fault)
        {
            return Fault(fault.Message);
        }
        catch (RegexMatchTimeoutException)
        {
            return Fault("the text takes too long to look at");
        }
    }

    private static bool IsPicture(Given given) =>
        given.Text("prompt")?.Trim().Length is > 0 and <= Studio.LongestPrompt && given.Text("size") is { } size && PictureSize.Find(size) is not null;

    private static string Fault(string message) => $"Error: {message}.";

    private static string FileOf(IReadOnlyList<WorkFile> files, string? path) =>
        files.FirstOrDefault(each => each.Path == path)?.Text
        ?? throw new AgentFault(files.Count > 0 ? $"no file {path?.Cut(LongestLine)}; there is {string.Join(", ", files.Select(file => file.Path))}" : "the person has added no file");

    private static string Calculate(Given given)
    {
        var lines = given.Texts("expressions").Select(expression => $"{expression} = {AgentSum.Of(expression)}").ToList();
        return lines.Count > 0 ? string.Join('\n', lines) : Fault("expressions is empty");
    }

    private static string Read(string whole, int from)
    {
        var start = Math.Min(from, whole.Length);
        var part = whole[start..].Cut(LongestPart);
        return part.Length == whole.Length ? whole : string.Create(CultureInfo.InvariantCulture, $"[characters {from} to {from + part.Length} of {whole.Length}]\n{part}");
    }

    private static string Look(string whole, string? operation, string words)
    {
        var lines = whole.Split('\n');
        switch (operation)
        {
            case "count":
                return string.Create(CultureInfo.InvariantCulture, $"{Words().Count(whole)} words, {whole.Length} characters, {lines.Count(line => line.Trim().Length > 0)} lines");
            case "find":
                var wanted = words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (wanted.Length == 0)
                    return Fault("words is needed");
                var found = lines.Index().Where(line => wanted.All(word => line.Item.Contains(word, StringComparison.OrdinalIgnoreCase))).Take(MostRows)
                    .Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Index + 1}: {line.Item.Trim().Cut(LongestLine)}")).ToList();
                return found.Count > 0 ? string.Join('\n', found) : "No line has them.";
            case "frequent_words":
                var top = Words().Matches(whole.ToLowerInvariant()).Select(match => match.Value).Where(word => word.Length > 4).CountBy(word => word).Where(word => word.Value > 1)
                    .OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.InvariantCulture).Take(MostWords)
                    .Select(word => (IReadOnlyList<string>)[word.Key, word.Value.ToString(CultureInfo.InvariantCulture)]).ToList();
                return top.Count > 0 ? AgentTable.Markdown(["Word", "Times"], top, [1]) : "No longer word comes back.";
            default:
                return Fault("operation is count, find or frequent_words");
        }
    }

    private static ModelFunction Offer(string name, string description, string properties, params string[] required)
    {
        var parameters = $$"""{"type":"object","properties":{{properties}},"required":{{JsonSerializer.Serialize(required)}},"additionalProperties":false}""";
        return new(name, description, JsonElement.Parse(parameters));
    }

    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}’'-]*", RegexOptions.None, 1000)]
    private static partial Regex Words();

    /// <summary>What a model gives to a function, whatever it is.</summary>
    internal sealed class Given
    {
        private readonly Dictionary<string, object> values = new(StringComparer.Ordinal);

        public bool IsObject { get; private init; }

        /// <summary>Null for what is no JSON. Nothing in it has a character that cannot be kept.</summary>
        public static Given? Read(string arguments)
        {
            try
            {
                using var json = JsonDocument.Parse(arguments.Length == 0 ? "{}" : arguments);
                var given = new Given { IsObject = json.RootElement.ValueKind == JsonValueKind.Object };
                if (given.IsObject)
                    foreach (var member in json.RootElement.EnumerateObject())
                        given.values[member.Name] = member.Value.ValueKind == JsonValueKind.Array ? member.Value.EnumerateArray().Select(Plain).ToList() : Plain(member.Value);
                return given;
            }
            // Half of a character is no text.
            catch (Exception fault) when (fault is JsonException or InvalidOperationException)
            {
                return null;
            }
        }

        public string? Text(string name) => values.GetValueOrDefault(name) as string;

        public IReadOnlyList<string> Texts(string name) => values.GetValueOrDefault(name) switch
        {
            List<object> several => [.. several.Select(each => Convert.ToString(each, CultureInfo.InvariantCulture)!)],
            null => [],
            var one => [Convert.ToString(one, CultureInfo.InvariantCulture)!],
        };

        public int? Number(string name) => values.GetValueOrDefault(name) switch
        {
            double number => (int)Math.Clamp(number, int.MinValue, int.MaxValue),
            string text when int.TryParse(text, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };

        public bool Flag(string name) => values.GetValueOrDefault(name) is true;

        private static object Plain(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Replace("\0", "", StringComparison.Ordinal),
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => value.GetRawText().Cut(LongestLine),
        };
    }
}

/// <summary>What a model did wrong, told to it.</summary>
internal sealed class AgentFault(string message) : Exception(message);
