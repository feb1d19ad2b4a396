using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aurion.Web.Ai.Chat;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>What of an answer that is being written can be shown as more than text.</summary>
public sealed class AnswerBlocksTests(ChatApp app) : IClassFixture<ChatApp>
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("one", 0)]
    [InlineData("one\n", 0)]
    [InlineData("one\n\n", 5)]
    [InlineData("one\n \ntwo", 6)]
    [InlineData("one\n\ntwo\n\nthree", 10)]
    [InlineData("a\n\n```cs\nx\n\ny\n", 3)]
    [InlineData("```cs\nx\n\n```\ny", 13)]
    [InlineData("````\n```\n\n````\n", 15)]
    [InlineData("~~~\n```\n\n", 0)]
    [InlineData("```a`b\n\n", 8)]
    public void Blocks_end_at_a_blank_line_or_with_their_code(string markdown, int end) => Assert.Equal(end, AnswerHtml.EndOfBlocks(markdown));

    [Theory]
    [InlineData("# A\n\n## B\n\n# C", "3 4 3")]
    [InlineData("## A\n\n### B", "3 4")]
    [InlineData("## A\n\n##### B\n\n# C", "3 4 3")]
    [InlineData("# A\n## B\n### C\n#### D\n##### E", "3 4 5 6 6")]
    public void Headings_go_on_from_the_one_above_and_leave_no_level_out(string markdown, string levels)
    {
        using var writer = new StringWriter();
        app.Services.GetRequiredService<AnswerHtml>().Render(markdown).WriteTo(writer, HtmlEncoder.Default);
        Assert.Equal(levels, string.Join(' ', writer.ToString().Split("<h")[1..].Select(part => part[0])));
    }

    [Fact]
    public async Task The_whole_blocks_of_what_a_reader_has_are_rendered_for_its_owner_alone()
    {
        var (owner, stranger) = (await app.GivenUserAsync(100), await app.GivenUserAsync(100));
        var answer = await app.SayAsync(owner, "Repeat: **a** <script>alert(1)</script>\n\nthe rest");
        var address = $"/api/ai-chat/{answer.AnswerId}/html?to=";
        var end = answer.Text.IndexOf("the rest", StringComparison.Ordinal);

        var (html, taken) = await RenderAsync(1000);
        Assert.Equal(("<p><strong>a</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>\n", end), (html, taken));
        Assert.Equal(("", 0), await RenderAsync(end - 1));
        Assert.Equal(("", 0), await RenderAsync(-5));
        Assert.Equal(HttpStatusCode.NotFound, (await app.WithToken(stranger).GetAsync(address + "1000")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Anonymous().GetAsync(address + "1000")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.WithToken(owner).GetAsync(address + "much")).StatusCode);

        async Task<(string Html, int End)> RenderAsync(int to)
        {
            using var json = JsonDocument.Parse(await app.WithToken(owner).Http.GetStringAsync(new Uri(address + to, UriKind.Relative)));
            return (json.RootElement.GetProperty("html").GetString()!, json.RootElement.GetProperty("end").GetInt32());
        }
    }
}
