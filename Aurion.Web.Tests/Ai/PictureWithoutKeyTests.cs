using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Ai;

/// <summary>Without a key of either provider the image studio is switched off, with the reason for people and the way out for the operator.</summary>
public sealed class PictureWithoutKeyTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task The_tool_says_why_it_is_off_and_charges_nothing()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);

        var studio = await browser.GetAsync("/images");
        var page = await browser.GetPageAsync("/tools/image-generation");
        var answer = await app.WithToken(user).PostJsonAsync("/api/generate-image", new { prompt = "a lamp" });

        Assert.Equal("/tools/image-generation", studio.Headers.Location?.OriginalString);
        Assert.Contains("not set up on this site", page.QuerySelector("#launch")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("FREEPIK_API_KEY", page.DocumentElement.TextContent, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Conflict, "TOOL_UNAVAILABLE"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
        Assert.Equal(100, await app.ScalarAsync<int>("SELECT spendable_credits(c, now()) FROM user_credits c WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task An_administrator_reads_which_setting_is_missing()
    {
        var page = await app.SignedInAs(await app.GivenUserAsync(100, "admin@test.example")).GetPageAsync("/tools/image-generation");

        Assert.Contains("FREEPIK_API_KEY", page.QuerySelector("#launch")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_messages_of_a_provider_whose_secret_is_missing_are_for_later()
    {
        var answer = await app.Anonymous().PostJsonAsync($"/api/freepik-webhook/{Guid.Empty}/{Guid.Empty}", new { task_id = "t" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }
}
