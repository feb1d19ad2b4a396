using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.Http;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class ToolsOriginTests
{
    [Theory]
    [InlineData("https://aurion.example", "https://tools.example", "tools.example", true)]
    [InlineData("https://aurion.example", "https://tools.example", "TOOLS.example:8080", true)]
    [InlineData("https://aurion.example", "https://tools.example", "aurion.example", false)]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5085", "127.0.0.1:5085", true)]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5085", "127.0.0.1:5080", false)]
    // One machine under two names: only the port tells the tools from a site that is asked for by its address.
    [InlineData("http://localhost:5080", "http://127.0.0.1:5085", "127.0.0.1:5085", true)]
    [InlineData("http://localhost:5080", "http://127.0.0.1:5085", "127.0.0.1:5080", false)]
    public void A_host_is_the_tools_or_the_sites(string site, string tools, string host, bool isTools) =>
        Assert.Equal(isTools, new SiteOptions { PublicUrl = new Uri(site), ToolsOrigin = new Uri(tools) }.IsToolsHost(new HostString(host)));
}
