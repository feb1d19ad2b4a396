using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>A tool that was open before carries nothing of itself again.</summary>
public sealed class ToolWeightTests(ToolApp app) : IClassFixture<ToolApp>
{
    [Fact]
    public async Task The_page_of_a_tool_is_sent_once_to_a_browser_and_anew_when_it_reads_otherwise()
    {
        const string english = "/tools/text-editor?lang=en&theme=dark";
        var first = await app.OnToolHost().GetAsync(english);
        var tag = first.Headers.ETag!.ToString();
        Assert.Equal((HttpStatusCode.OK, "private, no-cache"), (first.StatusCode, string.Join(", ", first.Headers.CacheControl!.ToString().Split(", ").OrderDescending())));
        Assert.Contains("</html>", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var again = await AskAsync(english, tag);
        Assert.Equal((HttpStatusCode.NotModified, 0), (again.StatusCode, (await again.Content.ReadAsByteArrayAsync()).Length));
        Assert.Equal(tag, again.Headers.ETag!.ToString());
        Assert.Contains("script-src 'self'", string.Join(' ', again.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);

        var french = await AskAsync(english.Replace("lang=en", "lang=fr", StringComparison.Ordinal), tag);
        Assert.Equal(HttpStatusCode.OK, french.StatusCode);
        Assert.NotEqual(tag, french.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync("/tools/no-tool", tag)).StatusCode);
    }

    [Fact]
    public async Task What_several_tools_share_stays_in_the_browser()
    {
        var shared = Directory.EnumerateFiles(Path.Combine(Repository.Root, "Aurion.Web", "wwwroot", "js", "tools"), "shared-*.js").Select(Path.GetFileName).ToList();
        Assert.NotEmpty(shared);
        foreach (var file in shared)
        {
            var answer = await app.OnToolHost().GetAsync("/js/tools/" + file);
            Assert.Equal((HttpStatusCode.OK, true, TimeSpan.FromDays(365)), (answer.StatusCode, answer.Headers.CacheControl?.ToString().Contains("immutable", StringComparison.Ordinal), answer.Headers.CacheControl?.MaxAge));
        }
    }

    private async Task<HttpResponseMessage> AskAsync(string address, string tag)
    {
        var browser = app.OnToolHost();
        browser.Http.DefaultRequestHeaders.TryAddWithoutValidation("If-None-Match", tag);
        return await browser.GetAsync(address);
    }
}
