using System.Net;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class HealthTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_running_application_is_healthy(string address)
    {
        await app.ReadyAsync();

        var response = await app.Anonymous().GetAsync(address);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("Healthy", await response.Content.ReadAsStringAsync());
    }
}
