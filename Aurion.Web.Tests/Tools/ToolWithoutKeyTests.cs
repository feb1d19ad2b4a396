using System.Net;
using Aurion.Web.Tests.Infrastructure;
using Aurion.Web.Tools;

namespace Aurion.Web.Tests.Tools;

/// <summary>Without OPENROUTER_API_KEY Aurion's own tools are shown and not sold, with the reason for people and the way out for the operator.</summary>
public sealed class ToolWithoutKeyTests(ToolWithoutKeyTests.KeylessApp app) : IClassFixture<ToolWithoutKeyTests.KeylessApp>
{
    [Fact]
    public async Task Every_tool_of_ours_says_why_it_is_off_and_none_is_sold()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);

        var cards = (await browser.GetPageAsync("/tools")).QuerySelectorAll("li.tool");
        foreach (var id in OwnTools.Ids)
        {
            var page = await browser.GetPageAsync("/tools/" + id);
            Assert.Contains("not set up on this site", page.QuerySelector("#launch")!.TextContent, StringComparison.Ordinal);
            Assert.Null(page.QuerySelector("#launch-tool, #launch iframe"));
            Assert.DoesNotContain("OPENROUTER_API_KEY", page.DocumentElement.TextContent, StringComparison.Ordinal);
            Assert.Contains("Not available", cards.Single(card => card.QuerySelector($"a[href='/tools/{id}']") is not null).TextContent, StringComparison.Ordinal);

            var answer = await app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId = id });
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Contains("TOOL_UNAVAILABLE", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(100, await app.ScalarAsync<int>("SELECT spendable_credits(c, now()) FROM user_credits c WHERE user_id = @Id", new { user.Id }));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM tool_sessions WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task An_administrator_reads_which_setting_is_missing()
    {
        var page = await app.SignedInAs(await app.GivenUserAsync(100, "admin@test.example")).GetPageAsync("/tools/text-editor");

        Assert.Contains("OPENROUTER_API_KEY", page.QuerySelector("#launch")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_the_operator_serves_needs_no_key_of_ours()
    {
        var program = app.WithToken(await app.GivenUserAsync(100));
        await app.ExecuteAsync("UPDATE tools SET address = 'https://tools.example/writer' WHERE tool_id = 'content-generator'");
        try
        {
            await AnswersAsync(program, HttpStatusCode.OK);
        }
        finally
        {
            await app.ExecuteAsync("UPDATE tools SET address = NULL WHERE tool_id = 'content-generator'");
            await AnswersAsync(program, HttpStatusCode.Conflict);
        }
    }

    [Fact]
    public async Task The_list_of_our_tools_is_that_of_the_tables_tools_that_ask_models() =>
        Assert.Equal(OwnTools.Ids.Order(StringComparer.Ordinal), (await app.QueryAsync<string>("SELECT tool_id FROM tools WHERE kind = 'embedded' AND call_cost IS NOT NULL")).Order(StringComparer.Ordinal));

    // The list of tools is a second old at most.
    private Task AnswersAsync(TestClient program, HttpStatusCode status) => Eventually.HoldsAsync(async () =>
    {
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        return (await program.PostJsonAsync("/api/validate-tool-access", new { toolId = "content-generator" })).StatusCode == status;
    }, $"a launch is answered with {status}");

    public sealed class KeylessApp : AurionApp
    {
        protected override bool SellsTools => false;
    }
}
