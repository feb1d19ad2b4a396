using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Ai;

/// <summary>Without OPENROUTER_API_KEY the chat is shown and switched off, with the reason for people and the way out for the operator.</summary>
public sealed class ChatWithoutKeyTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task The_tool_says_why_it_is_off_and_charges_nothing()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);

        var chat = await browser.GetAsync("/chat");
        var page = await browser.GetPageAsync("/tools/ai-chat");
        var answer = await app.WithToken(user).PostJsonAsync("/api/ai-chat", new { message = "Hello" });

        Assert.Equal("/tools/ai-chat", chat.Headers.Location?.OriginalString);
        Assert.Contains("not set up on this site", page.QuerySelector("#launch")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("OPENROUTER_API_KEY", page.DocumentElement.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("TOOL_UNAVAILABLE", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(100, await app.ScalarAsync<int>("SELECT spendable_credits(c, now()) FROM user_credits c WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task An_administrator_reads_which_setting_is_missing()
    {
        var page = await app.SignedInAs(await app.GivenUserAsync(100, "admin@test.example")).GetPageAsync("/tools/ai-chat");

        Assert.Contains("OPENROUTER_API_KEY", page.QuerySelector("#launch")!.TextContent, StringComparison.Ordinal);
    }
}
