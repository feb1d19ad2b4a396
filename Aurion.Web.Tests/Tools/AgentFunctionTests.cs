using System.Text.Json;
using Aurion.Web.Tools.Agents;

namespace Aurion.Web.Tests.Tools;

/// <summary>What an agent calculates with.</summary>
public sealed class AgentFunctionTests
{
    [Theory]
    [InlineData("0.1 + 0.2", "0.3")]
    [InlineData("4200 + 10 * 180", "6000")]
    [InlineData("-2^2", "-4")]
    [InlineData("(1 + 2) × 3 ÷ 2", "4.5")]
    [InlineData("200 * 10%", "20")]
    [InlineData("round(1.005, 2)", "1.01")]
    [InlineData("round(-2.5)", "-3")]
    [InlineData("avg(1, 2, max(3, 6))", "3")]
    public void An_expression_has_its_value(string expression, string value) =>
        Assert.Equal($"{expression} = {value}", Perform("calculate", new { expressions = new[] { expression } }));

    [Theory]
    [InlineData("1 / 0")]
    [InlineData("1 +")]
    [InlineData("1 2")]
    [InlineData("(1")]
    [InlineData("1,234.5")]
    [InlineData("constructor(1)")]
    [InlineData("alert(1)")]
    [InlineData("sqrt(-1)")]
    public void What_is_no_sum_is_an_error_that_the_model_reads(string expression) =>
        Assert.StartsWith($"Error: \"{expression}\"", Perform("calculate", new { expressions = new[] { expression } }), StringComparison.Ordinal);

    [Theory]
    [InlineData("product,amount\n\"a,b\",\"1,234.50\"\nc,2.5\nc,1,\n", "| a,b | 1234.5 |", "| c | 3.5 |")]
    [InlineData("product;amount\na,b;1 234,50 €\nc;2,5\nc;1,000\n", "| a,b | 1234.5 |", "| c | 3.5 |")]
    [InlineData("| product | amount |\n| --- | --- |\n| a,b | 1,234.5 |\n| c | 2.5 |\n| c | 1 |", "| a,b | 1234.5 |", "| c | 3.5 |")]
    public void A_table_adds_up_whatever_its_numbers_and_columns_are_written_with(string file, string first, string second)
    {
        var table = Perform("table", new { file = "x.csv", group_by = "product", column = "amount", aggregate = "sum", sort_by = "amount", descending = true }, file);

        Assert.Equal(["| product | amount |", "| --- | ---: |", first, second], table.Split('\n'));
    }

    [Fact]
    public void A_file_is_read_in_parts_searched_and_counted()
    {
        var text = string.Concat(Enumerable.Repeat("compost is missing\n", 400));

        Assert.StartsWith("[characters 6000 to 7600 of 7600]", Perform("read_file", new { path = "x.csv", from = 6000 }, text), StringComparison.Ordinal);
        Assert.Equal("1: compost is missing", (Perform("text", new { file = "x.csv", operation = "find", words = "COMPOST missing" }, text)).Split('\n')[0]);
        Assert.Equal("1200 words, 7600 characters, 400 lines", Perform("text", new { file = "x.csv", operation = "count" }, text));
        Assert.Contains("| compost | 400 |", Perform("text", new { file = "x.csv", operation = "frequent_words" }, text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("browse", "{\"url\":\"https://example.com\"}", "Error: there is no function browse; there is calculate, table, text, read_file, finish_step.")]
    [InlineData("read_file", "{\"path\":\"other.md\"}", "Error: no file other.md; there is x.csv.")]
    [InlineData("table", "{\"file\":\"x.csv\",\"group_by\":\"colour\"}", "Error: no column colour; there is a.")]
    [InlineData("finish_step", "{\"outcome\":\"done\"}", "Error: outcome, heading and markdown are needed.")]
    [InlineData("calculate", "null", "Error: the arguments are no object.")]
    public void A_call_that_cannot_be_made_says_what_there_is(string function, string arguments, string answer) =>
        Assert.Equal(answer, Perform(function, JsonSerializer.Deserialize<JsonElement>(arguments), "a\n1"));

    [Theory]
    [InlineData("{\"expressions\": [\"1 +")]
    [InlineData("{\"expressions\": [\"\\ud800\"]}")]
    public void Arguments_that_were_cut_are_told_to_the_model(string arguments) =>
        Assert.Equal("Error: the arguments are no JSON.", AgentFunctions.Perform([], new("1", "calculate", arguments)));

    [Theory]
    [InlineData("(")]
    [InlineData("-")]
    [InlineData("2^")]
    [InlineData("abs(")]
    public void An_expression_without_end_ends_as_an_error(string part) =>
        Assert.StartsWith("Error: an expression is too ", Perform("calculate", new { expressions = new[] { string.Concat(Enumerable.Repeat(part, 400)) + "1", string.Concat(Enumerable.Repeat(part, 100_000)) } }), StringComparison.Ordinal);

    [Fact]
    public void A_file_of_quotes_is_read_in_a_moment() =>
        Assert.StartsWith("| x", Perform("table", new { file = "x.csv" }, "x," + string.Concat(Enumerable.Repeat("a\"", 200_000))), StringComparison.Ordinal);

    [Fact]
    public void A_section_comes_at_the_end_or_in_the_place_of_its_own()
    {
        var first = AgentDocument.WithSection("", "Report", "Figures", "| a |");
        var second = AgentDocument.WithSection(first, "Report", "## The  end", "Bye.");

        Assert.Equal("# Report\n\n## Figures\n\n| a |\n\n## The end\n\nBye.\n", second);
        Assert.Equal("# Report\n\n## Figures\n\n| b |\n\n## The end\n\nBye.\n", AgentDocument.WithSection(second, "Report", "Figures", "| b |"));
        Assert.Equal(second, AgentDocument.WithSection(second, "Report", "Nothing", " "));
    }

    private static string Perform(string function, object arguments, string file = "") =>
        AgentFunctions.Perform(file.Length > 0 ? [new("x.csv", file)] : [], new("1", function, JsonSerializer.Serialize(arguments)));
}
