using System.Diagnostics;
using System.Text.Json;
using Aurion.Testing;
using Aurion.Web.Tests.Design;

namespace Aurion.Web.Tests.Tools;

/// <summary>What an agent calculates with, as its page runs it.</summary>
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
    public async Task An_expression_has_its_value(string expression, string value) =>
        Assert.Equal($"{expression} = {value}", await PerformAsync("calculate", new { expressions = new[] { expression } }));

    [Theory]
    [InlineData("1 / 0")]
    [InlineData("1 +")]
    [InlineData("1 2")]
    [InlineData("(1")]
    [InlineData("1,234.5")]
    [InlineData("constructor(1)")]
    [InlineData("alert(1)")]
    [InlineData("sqrt(-1)")]
    public async Task What_is_no_sum_is_an_error_that_the_model_reads(string expression) =>
        Assert.StartsWith($"Error: \"{expression}\"", await PerformAsync("calculate", new { expressions = new[] { expression } }), StringComparison.Ordinal);

    [Theory]
    [InlineData("product,amount\n\"a,b\",\"1,234.50\"\nc,2.5\nc,1,\n", "| a,b | 1234.5 |", "| c | 3.5 |")]
    [InlineData("product;amount\na,b;1 234,50 €\nc;2,5\nc;1,000\n", "| a,b | 1234.5 |", "| c | 3.5 |")]
    [InlineData("| product | amount |\n| --- | --- |\n| a,b | 1,234.5 |\n| c | 2.5 |\n| c | 1 |", "| a,b | 1234.5 |", "| c | 3.5 |")]
    public async Task A_table_adds_up_whatever_its_numbers_and_columns_are_written_with(string file, string first, string second)
    {
        var table = await PerformAsync("table", new { file = "x.csv", group_by = "product", column = "amount", aggregate = "sum", sort_by = "amount", descending = true }, file);

        Assert.Equal(["| product | amount |", "| --- | ---: |", first, second], table.Split('\n'));
    }

    [Fact]
    public async Task A_file_is_read_in_parts_searched_and_counted()
    {
        var text = string.Concat(Enumerable.Repeat("compost is missing\n", 400));

        Assert.StartsWith("[characters 6000 to 7600 of 7600]", await PerformAsync("read_file", new { path = "x.csv", from = 6000 }, text), StringComparison.Ordinal);
        Assert.Equal("1: compost is missing", (await PerformAsync("text", new { file = "x.csv", operation = "find", words = "COMPOST missing" }, text)).Split('\n')[0]);
        Assert.Equal("1200 words, 7600 characters, 400 lines", await PerformAsync("text", new { file = "x.csv", operation = "count" }, text));
        Assert.Contains("| compost | 400 |", await PerformAsync("text", new { file = "x.csv", operation = "frequent_words" }, text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("browse", "{\"url\":\"https://example.com\"}", "Error: there is no function browse; there is calculate, table, text, read_file, finish_step.")]
    [InlineData("read_file", "{\"path\":\"other.md\"}", "Error: no file other.md; there is x.csv.")]
    [InlineData("table", "{\"file\":\"x.csv\",\"group_by\":\"colour\"}", "Error: no column colour; there is a.")]
    [InlineData("finish_step", "{\"outcome\":\"done\"}", "Error: outcome, heading and markdown are needed.")]
    [InlineData("calculate", "null", "Error: the arguments are no object.")]
    public async Task A_call_that_cannot_be_made_says_what_there_is(string function, string arguments, string answer) =>
        Assert.Equal(answer, await PerformAsync(function, JsonSerializer.Deserialize<JsonElement>(arguments), "a\n1"));

    private static async Task<string> PerformAsync(string function, object arguments, string file = "")
    {
        const string program = """
            const [module, name, given, file] = JSON.parse(process.argv.at(-1));
            const { perform } = await import(module);
            process.stdout.write(perform(file ? [{ path: "x.csv", text: file }] : [], name, given));
            """;
        var module = new Uri(Source.Path("wwwroot-src", "tools/kit/functions.js")).AbsoluteUri;
        var (code, said, faults) = await ProgramRun.ToEndAsync(new ProcessStartInfo("node", ["--input-type=module", "-e", program, JsonSerializer.Serialize(new[] { module, function, arguments, file })]));
        Assert.True(code == 0, faults);
        return said;
    }
}
