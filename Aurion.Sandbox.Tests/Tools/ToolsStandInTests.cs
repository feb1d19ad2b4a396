using System.Net;
using System.Text;
using Aurion.Sandbox.Tools;

namespace Aurion.Sandbox.Tests.Tools;

public sealed class ToolsStandInTests
{
    private const string Web = "http://127.0.0.1:6298";

    [Theory]
    [InlineData("app-builder")]
    [InlineData("website-builder")]
    [InlineData("ai-agents")]
    [InlineData("content-generator")]
    [InlineData("code-editor")]
    [InlineData("text-editor")]
    public async Task Each_tool_may_be_framed_by_the_web_only_and_runs_its_own_files_only(string tool)
    {
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
    public async Task What_a_tool_generated_runs_without_any_right_and_cannot_be_stored_from_elsewhere()
    {
        await using var tools = await ToolsStandIn.StartAsync(Web);
        using var http = new HttpClient { BaseAddress = new Uri(tools.Address) };
        using var page = new StringContent("<h1>Mine</h1>", Encoding.UTF8, "text/plain");

        var address = await (await http.PostAsync("/preview", page)).Content.ReadAsStringAsync();
        using var shown = await http.GetAsync(address);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/preview") { Content = new StringContent("<h1>Theirs</h1>") };
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");

        Assert.Equal("<h1>Mine</h1>", await shown.Content.ReadAsStringAsync());
        var policy = shown.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("sandbox allow-scripts", policy);
        Assert.DoesNotContain("allow-same-origin", policy);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(foreign)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/tools/video-generation")).StatusCode);
    }

    [Fact]
    public async Task A_tool_can_be_asked_to_take_its_time()
    {
        await using var tools = await ToolsStandIn.StartAsync(Web);
        using var http = new HttpClient { BaseAddress = new Uri(tools.Address) };
        var watch = System.Diagnostics.Stopwatch.StartNew();

        using var page = await http.GetAsync("/tools/text-editor?slow=700");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.True(watch.ElapsedMilliseconds >= 690);
    }
}
