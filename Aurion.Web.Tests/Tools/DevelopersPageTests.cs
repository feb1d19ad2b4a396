using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>What authors of tools read is what the endpoint does.</summary>
public sealed class DevelopersPageTests(ToolApp app) : IClassFixture<ToolApp>
{
    [Fact]
    public async Task Every_action_of_the_page_is_known_and_no_other()
    {
        var page = await app.Anonymous().GetPageAsync("/developers");
        var session = await app.LaunchAsync();

        var actions = page.QuerySelectorAll("tbody th").Select(cell => cell.TextContent).Append("unpublish").Except(["end"]).ToList();
        foreach (var action in actions)
        {
            var (status, answer) = await session.ActAsync(new { action });
            Assert.True(status == 200 || answer.GetProperty("code").GetString() != "ACTION_UNKNOWN", action);
        }
        Assert.Equal((400, "ACTION_UNKNOWN"), ((await session.ActAsync(new { action = "anything" })) is var (s, b) ? (s, b.GetProperty("code").GetString()) : default));
        Assert.Equal(15, actions.Count);
    }

    [Theory]
    [InlineData("en", "A whole tool in 40 lines")]
    [InlineData("fr", "Un outil entier en 40 lignes")]
    public async Task It_shows_a_whole_tool_with_this_sites_addresses_in_either_language(string language, string heading)
    {
        var browser = app.Anonymous();
        browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);

        var page = await browser.GetPageAsync("/developers");
        var sample = page.QuerySelector("pre")!.TextContent;

        Assert.Contains(heading, page.QuerySelectorAll("h2").Select(h => h.TextContent));
        Assert.Contains("from \"http://127.0.0.1:5085/js/aurion-tool.js\"", sample, StringComparison.Ordinal);
        Assert.Contains("connect(\"http://127.0.0.1:5080\"", sample, StringComparison.Ordinal);
        Assert.InRange(sample.Trim().Split('\n').Length, 20, 40);
    }

    [Fact]
    public async Task The_module_for_authors_has_three_kilobytes_at_most() =>
        Assert.InRange((await (await app.OnToolHost().GetAsync("/js/aurion-tool.js")).Content.ReadAsByteArrayAsync()).Length, 500, 3 * 1024);
}
