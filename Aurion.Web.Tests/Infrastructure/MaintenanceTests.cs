using System.Net;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class MaintenanceTests(MaintenanceTests.App app) : IClassFixture<MaintenanceTests.App>
{
    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/tools", "text/html")]
    [InlineData("/api/nothing", "application/problem+json")]
    public async Task During_maintenance_everybody_is_told_when_to_come_back(string address, string mediaType)
    {
        var response = await app.SignedInAs(await app.GivenUserAsync()).GetAsync(address);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("120", Assert.Single(response.Headers.GetValues("Retry-After")));
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_look_of_the_page_and_health_stay()
    {
        Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().GetAsync("/favicon.svg")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().GetAsync("/health/live")).StatusCode);
    }

    public sealed class App : AurionApp
    {
        protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal) { ["AURION_MAINTENANCE"] = "on" };
    }
}
