using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Aurion.Web.Tools.Agents;

/// <summary>A table in a text, as CSV (RFC 4180, with the mark that its first line has) or in Markdown.</summary>
internal static partial class AgentTable
{
    private const int MostRows = 60;

    /// <summary>Filters, groups, adds up and sorts, as it is asked to; a table in Markdown.</summary>
    /// <exception cref="AgentFault">It cannot be done.</exception>
    public static string Evaluate(string whole, AgentFunctions.Given given)
    {
        var all = RowsOf(whole);
        if (all.Count == 0)
            throw new AgentFault("the file has no table");
        var (head, rows) = (all[0], all.GetRange(1, all.Count - 1));
        // One file writes its numbers in one way: whether "1,000" is one or a thousand shows in the others, or in how the columns are parted.
        var isComma = Semicolon().IsMatch(whole.TrimStart()) || rows.Any(row => row.Any(cell => CommaNumber().IsMatch(cell)));
        double Amount(string cell) => NumberOf(cell, isComma);

        if (given.Text("where_column") is { Length: > 0 } where)
        {
            var place = PlaceOf(head, where, "");
            rows = rows.FindAll(row => Cell(row, place).Contains(given.Text("where_contains") ?? "", StringComparison.OrdinalIgnoreCase));
        }
        var (group, column, aggregate) = (given.Text("group_by"), given.Text("column"), given.Text("aggregate"));
        var shown = head;
        if (group is { Length: > 0 } || aggregate is { Length: > 0 })
        {
            var by = group is { Length: > 0 } ? PlaceOf(head, group, "") : -1;
            var of = column is { Length: > 0 } ? PlaceOf(head, column, "") : -1;
            if (of < 0 && aggregate is not (null or "count"))
                throw new AgentFault("column is needed");
            var how = of < 0 ? "count" : aggregate ?? "sum";
            shown = [by < 0 ? "" : head[by], of < 0 ? "count" : head[of]];
            rows = [.. rows.GroupBy(row => by < 0 ? "" : Cell(row, by), StringComparer.Ordinal)
                .Select(members => (IReadOnlyList<string>)[members.Key, AgentSum.Plain(Aggregated(how, [.. members.Select(row => of < 0 ? double.NaN : Amount(Cell(row, of)))]))])];
        }
        if (given.Text("sort_by") is { Length: > 0 } sort)
        {
            var place = PlaceOf(shown, sort, " in the result");
            var order = Comparer<IReadOnlyList<string>>.Create((a, b) => Compare(Cell(a, place), Cell(b, place), Amount));
            rows = [.. given.Flag("descending") ? rows.OrderByDescending(row => row, order) : rows.OrderBy(row => row, order)];
        }
        var some = rows.Take(given.Number("limit") is > 0 and var limit ? Math.Min(MostRows, limit) : MostRows).ToList();
        var numbers = Enumerable.Range(0, shown.Count).Where(i => some.Count > 0 && some.TrueForAll(row => !double.IsNaN(Amount(Cell(row, i))))).ToList();
        return Markdown(shown, some, numbers) + (some.Count < rows.Count ? string.Create(CultureInfo.InvariantCulture, $"\n\n({some.Count} of {rows.Count} rows)") : "");
    }

    /// <summary>A table in Markdown; the columns of numbers stand to the right.</summary>
    public static string Markdown(IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows, IReadOnlyCollection<int> numbers)
    {
        static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ')))} |";
        return string.Join('\n', [Line(head), Line(head.Select((_, i) => numbers.Contains(i) ? "---:" : "---")), .. rows.Select(Line)]);
    }

    private static string Cell(IReadOnlyList<string> row, int place) => place < row.Count ? row[place] : "";

    private static int PlaceOf(IReadOnlyList<string> head, string name, string where)
    {
        for (var i = 0; i < head.Count; i++)
            if (head[i].Equals(name.Trim(), StringComparison.OrdinalIgnoreCase))
                return i;
        throw new AgentFault($"no column {name.Cut(100)}{where}; there is {string.Join(", ", head)}");
    }

    private static int Compare(string a, string b, Func<string, double> amount)
    {
        var (first, second) = (amount(a), amount(b));
        return double.IsNaN(first) || double.IsNaN(second) ? CultureInfo.InvariantCulture.CompareInfo.Compare(a, b) : first.CompareTo(second);
    }

    private static double Aggregated(string how, List<double> values)
    {
        if (how == "count")
            return values.Count;
        var numbers = values.FindAll(value => !double.IsNaN(value));
        if (numbers.Count == 0)
            throw new AgentFault("the column has no numbers");
        return how switch
        {
            "average" => numbers.Average(),
            "min" => numbers.Min(),
            "max" => numbers.Max(),
            _ => numbers.Sum(),
        };
    }

    // 1,234.50 or 1 234,50 €; NaN for what is no number.
    private static double NumberOf(string cell, bool isComma)
    {
        var bare = Signs().Replace(cell, "");
        var plain = isComma ? bare.Replace(".", "", StringComparison.Ordinal).Replace(',', '.') : bare.Replace(",", "", StringComparison.Ordinal);
        return Number().IsMatch(bare) && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;
    }

    private static List<IReadOnlyList<string>> RowsOf(string whole)
    {
        var lines = whole.Split('\n').Where(line => line.Trim().Length > 0).ToList();
        var piped = lines.Select(line => line.Trim()).Where(line => line.Length > 1 && line[0] == '|' && line[^1] == '|').ToList();
        if (piped.Count > 1)
            return [.. piped.Where(line => !Rule().IsMatch(line)).Select(line => (IReadOnlyList<string>)[.. line[1..^1].Split('|').Select(cell => cell.Trim())])];
        var first = lines.Count > 0 ? lines[0] : "";
        return Parts(whole, first.Contains(';', StringComparison.Ordinal) ? ';' : first.Contains('\t', StringComparison.Ordinal) ? '\t' : ',');
    }

    private static List<IReadOnlyList<string>> Parts(string whole, char mark)
    {
        var rows = new List<IReadOnlyList<string>>();
        var (row, cell, isQuoted, isBlank) = (new List<string>(), new StringBuilder(), false, true);
        for (var i = 0; i < whole.Length; i++)
        {
            var sign = whole[i];
            if (isQuoted && sign == '"' && i + 1 < whole.Length && whole[i + 1] == '"')
                Append(whole[i++]);
            else if (sign == '"' && (isQuoted || isBlank))
                isQuoted = !isQuoted;
            else if (!isQuoted && sign == mark)
                EndCell();
            else if (!isQuoted && sign == '\n')
                EndRow();
            else if (sign != '\r')
                Append(sign);
        }
        EndRow();
        return rows;

        void Append(char sign)
        {
            cell.Append(sign);
            isBlank &= char.IsWhiteSpace(sign);
        }

        void EndCell()
        {
            row.Add(cell.ToString().Trim());
            cell.Clear();
            isBlank = true;
        }

        void EndRow()
        {
            EndCell();
            if (row.Exists(each => each.Length > 0))
                rows.Add(row);
            row = [];
        }
    }

    [GeneratedRegex(@"\A[^\n,\t|]*;", RegexOptions.None, 1000)]
    private static partial Regex Semicolon();

    [GeneratedRegex(@"\A-?[0-9. ]+,([0-9]{1,2}|[0-9]{4,})[^0-9]*\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CommaNumber();

    [GeneratedRegex(@"[\s\u00a0\u202f€$£%]", RegexOptions.None, 1000)]
    private static partial Regex Signs();

    [GeneratedRegex(@"\A-?[0-9.,]*[0-9][0-9.,]*\z", RegexOptions.None, 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\A[\s|:-]+\z", RegexOptions.None, 1000)]
    private static partial Regex Rule();
}
