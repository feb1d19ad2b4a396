using System.Net;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class BrokenTableTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task A_fault_of_ours_is_told_on_a_whole_page_even_when_its_frame_meets_the_same_fault()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("ALTER TABLE user_credits RENAME TO user_credits_away");

        var response = await app.SignedInAs(user).GetAsync("/dashboard");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        var page = await response.ReadHtmlAsync();
        Assert.Equal("Something went wrong on our side", page.QuerySelector("main h1")?.TextContent.Trim());
        Assert.NotNull(page.QuerySelector("nav"));
    }
}
