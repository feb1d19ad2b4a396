using System.Net;
using Aurion.Sandbox.Tools;

namespace Aurion.Sandbox.Tests.Tools;

public sealed class ToolsStandInTests
{
    private const string Web = "http://127.0.0.1:6298";

    [Fact]
    public async Task A_tool_may_be_framed_by_the_web_only_and_runs_its_own_files_only()
    {
        const string tool = "ai-agents";
        await using var tools = await ToolsStandIn.StartAsync(Web);
        using var http = new HttpClient { BaseAddress = new Uri(tools.Address) };

        using var page = await http.GetAsync("/tools/" + tool);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors " + Web, policy);
        Assert.Contains("script-src 'self';", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.DoesNotContain("<script>", await page.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"/assets/{tool}.js")).StatusCode);
    }

    [Fact]
    public async Task A_tool_can_be_asked_to_take_its_time()
    {
        await using var tools = await ToolsStandIn.StartAsync(Web);
        using var http = new HttpClient { BaseAddress = new Uri(tools.Address) };
        var watch = System.Diagnostics.Stopwatch.StartNew();

        using var page = await http.GetAsync("/tools/ai-agents?slow=700");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.True(watch.ElapsedMilliseconds >= 690);
    }
}
