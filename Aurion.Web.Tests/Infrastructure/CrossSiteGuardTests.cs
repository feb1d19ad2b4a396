using System.Net;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class CrossSiteGuardTests(AurionApp app) : IClassFixture<AurionApp>
{
    private const string Launch = "/api/validate-tool-access";
    private static readonly object Body = new { toolId = "text-editor" };

    [Fact]
    public async Task A_cookie_alone_starts_nothing_through_the_API()
    {
        var user = await app.GivenUserAsync();

        var response = await app.SignedInAs(user).PostJsonAsync(Launch, Body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("ANTIFORGERY_FAILED", await response.Content.ReadAsStringAsync());
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT used_credits FROM user_credits WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task The_page_of_the_same_person_may_and_so_may_a_bearer_token()
    {
        var user = await app.GivenUserAsync();
        var page = app.SignedInAs(user);
        page.Http.DefaultRequestHeaders.Add("RequestVerificationToken", await page.FormTokenAsync("/tools/text-editor"));

        Assert.Equal(HttpStatusCode.OK, (await page.PostJsonAsync(Launch, Body)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.WithToken(user).PostJsonAsync(Launch, Body)).StatusCode);
    }

    [Fact]
    public async Task The_token_of_somebody_else_is_refused()
    {
        var stranger = app.SignedInAs(await app.GivenUserAsync());
        var token = await stranger.FormTokenAsync("/tools/text-editor");
        var page = app.SignedInAs(await app.GivenUserAsync());
        await page.FormTokenAsync("/tools/text-editor");
        page.Http.DefaultRequestHeaders.Add("RequestVerificationToken", token);

        Assert.Equal(HttpStatusCode.BadRequest, (await page.PostJsonAsync(Launch, Body)).StatusCode);
    }
}
