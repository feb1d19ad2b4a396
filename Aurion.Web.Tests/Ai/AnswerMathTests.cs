using AngleSharp.Html.Parser;
using Aurion.Web.Ai.Chat;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>Which parts of an answer are formulas; each stays as it was written, whatever Markdown would make of it.</summary>
public sealed class AnswerMathTests(ChatApp app) : IClassFixture<ChatApp>
{
    [Theory]
    [InlineData("So $a_1 * b_2 * c$ holds.", "$a_1 * b_2 * c$")]
    [InlineData("$x$, ($y$) and *$z$*.", "$x$|$y$|$z$")]
    [InlineData(@"Price \$5 and \(x_i\) and \(y_i\)", @"\(x_i\)|\(y_i\)")]
    [InlineData(@"It is \[ \frac{a}{b} \] here", @"\[ \frac{a}{b} \]")]
    [InlineData("$$x^2$$", "$$x^2$$")]
    [InlineData("$$\nx\n- y\n= z\n$$", "$$\nx\n- y\n= z\n$$")]
    [InlineData("Then:\n\\[\na\n# b\n> c\n\\]\nafter", "\\[\na\n# b\n> c\n\\]")]
    [InlineData("- one\n  $$\n  x\n  $$\n- $y$", "$$\nx\n$$|$y$")]
    [InlineData("> $$\n> x\n> $$", "$$\nx\n$$")]
    [InlineData("| a | b |\n|---|---|\n| $|x|$ | $y$ |", "$|x|$|$y$")]
    [InlineData(@"$a \$ b$ and \(a \\) b\)", @"$a \$ b$|\(a \\) b\)")]
    [InlineData("<b>$x < y$</b>", "$x < y$")]
    [InlineData("It costs $5 and $10.", "")]
    [InlineData("Between $5-$10, or US$5 and 5$.", "")]
    [InlineData("$ x $ and $x $ and $ x$", "")]
    [InlineData("$5, not 6", "")]
    [InlineData("`$x$` and\n\n```\n$y$\n\\[z\\]\n```\n\n    $$w$$", "")]
    [InlineData("$$\nx\n\ny\n$$", "")]
    [InlineData("$$$$ and \\( \\) and \\[ \\]", "")]
    [InlineData("\\[ never closed", "")]
    [InlineData("$$\nnever closed", "")]
    [InlineData(@"\\(x\\)", "")]
    public void A_formula_is_kept_whole_and_money_is_none(string markdown, string formulas)
    {
        var page = new HtmlParser().ParseDocument(Render(markdown));

        Assert.Equal(formulas, string.Join('|', page.QuerySelectorAll(".math").Select(formula => formula.TextContent.Trim())));
        Assert.Empty(page.QuerySelectorAll("[style], script, b"));
    }

    [Fact]
    public void What_stands_around_a_formula_stays()
    {
        Assert.Equal("""<p>Hold <em>on</em>: <span class="math">$x&lt;y$</span> &amp; more</p>""", Render("Hold *on*: $x<y$ & more").Trim());
        Assert.Equal("""<p>It costs $5 and <em>$10</em>.</p>""", Render("It costs $5 and *$10*.").Trim());
    }

    [Theory]
    [InlineData("\\( ")]
    [InlineData("$$ ")]
    [InlineData("$a ")]
    [InlineData("\\[\n")]
    public async Task Many_marks_that_never_close_take_no_time(string mark)
    {
        var markdown = string.Concat(Enumerable.Repeat(mark, 100_000 / mark.Length));

        var html = await Task.Run(() => Render(markdown)).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.DoesNotContain("math", html, StringComparison.Ordinal);
    }

    private string Render(string markdown)
    {
        using var writer = new StringWriter();
        app.Services.GetRequiredService<AnswerHtml>().Render(markdown).WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        return writer.ToString();
    }
}
