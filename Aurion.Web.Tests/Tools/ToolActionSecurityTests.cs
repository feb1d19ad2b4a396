using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>Who may act in a person's name: the tool that was launched, while its session and the sign-in live, from its own origin.</summary>
public sealed class ToolActionSecurityTests(ToolApp app) : IClassFixture<ToolApp>
{
    private static readonly object Session = new { action = "session" };

    [Fact]
    public async Task A_program_without_a_browser_may_act_with_the_token_alone()
    {
        var session = await app.LaunchAsync();

        Assert.Equal(200, (await session.ActAsync(Session, origin: null)).Status);
    }

    [Fact]
    public async Task Another_origin_is_refused_and_gets_no_leave_to_read()
    {
        var session = await app.LaunchAsync();

        var (status, answer) = await session.ActAsync(Session, origin: "https://evil.example");

        Assert.Equal((403, "ORIGIN_INVALID"), (status, answer.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_token_is_worth_nothing_for_another_tool_changed_or_missing()
    {
        var session = await app.LaunchAsync();

        Assert.Equal(401, (await session.ActAsync(Session, tool: "code-editor")).Status);
        Assert.Equal(401, (await session.ActAsync(Session, token: session.Token[..^2] + "AA")).Status);
        Assert.Equal(401, (await session.ActAsync(Session, token: "x")).Status);
        Assert.Equal(400, (await session.ActAsync(Session, tool: "nothing-of-ours")).Status);
        // The person's own sign-in is no tool's token.
        Assert.Equal(401, (await session.ActAsync(Session, token: session.User.Token)).Status);
    }

    [Fact]
    public async Task The_token_of_a_tool_signs_nobody_in()
    {
        var session = await app.LaunchAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.WithToken(session.Token).PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" })).StatusCode);
    }

    [Fact]
    public async Task After_sign_out_after_the_end_and_after_24_hours_nothing_is_done()
    {
        var (left, ended, old) = (await app.LaunchAsync(), await app.LaunchAsync(), await app.LaunchAsync());
        await app.ExecuteAsync("UPDATE account_sessions SET revoked_at = now() WHERE user_id = @Id", new { left.User.Id });
        await ended.ActAsync(new { action = "end" });
        await app.ExecuteAsync("UPDATE tool_sessions SET expires_at = created_at WHERE id = @Id", new { old.Id });

        foreach (var session in new[] { left, ended, old })
        {
            Assert.Equal(401, (await session.CallAsync("Due to the fact that")).Status);
            Assert.Equal(401, (await session.SaveAsync(app.NewRun(), 0, "text")).Status);
        }
    }

    [Fact]
    public async Task The_tools_host_serves_the_tools_pages_without_any_cookie_and_no_page_of_the_site()
    {
        var browser = app.OnToolHost();
        browser.Http.DefaultRequestHeaders.Add("Cookie", $"aurion={(await app.GivenUserAsync()).Token}");

        var tool = await browser.GetAsync("/tools/text-editor?lang=fr&theme=dark");
        var html = await tool.ReadHtmlAsync();
        var policy = tool.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Equal(HttpStatusCode.OK, tool.StatusCode);
        Assert.Equal(("fr", "dark"), (html.DocumentElement.GetAttribute("lang"), html.DocumentElement.GetAttribute("data-theme")));
        Assert.False(tool.Headers.Contains("Set-Cookie"));
        Assert.False(tool.Headers.Contains("X-Frame-Options"));
        Assert.Contains("frame-ancestors http://127.0.0.1:5080", policy);
        Assert.DoesNotContain("unsafe", policy);
        foreach (var page in new[] { "/", "/tools", "/dashboard", "/account/sign-in", "/work", "/tools/app-builder-of-nobody", "/api/validate-tool-session", "/api/tools/actions", "/hangfire", "/tools/video-generation" })
        {
            var answer = await browser.GetAsync(page);
            Assert.Equal((page, HttpStatusCode.NotFound), (page, answer.StatusCode));
            Assert.False(answer.Headers.Contains("Set-Cookie"), page);
        }
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/js/aurion-tool.js")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task The_sites_host_serves_no_tools_page()
    {
        var user = await app.GivenUserAsync();

        var page = await app.SignedInAs(user).GetPageAsync("/tools/text-editor");

        Assert.NotNull(page.QuerySelector("#launch-tool"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Anonymous().GetAsync("/preview/x/index.html")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Anonymous().GetAsync($"/published/{new string('a', 32)}/index.html")).StatusCode);
    }

    [Fact]
    public async Task A_tool_that_its_operator_serves_elsewhere_is_framed_from_there_and_may_call_from_there_only()
    {
        await app.ExecuteAsync("UPDATE tools SET address = 'https://code.partner.example/start' WHERE tool_id = 'code-editor'");
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(1.2));
            var user = await app.GivenUserAsync();
            var session = await app.LaunchAsync(user, "code-editor");
            var response = await app.SignedInAs(user).GetAsync("/tools/code-editor");
            var frame = (await response.ReadHtmlAsync()).QuerySelector("iframe")!;

            Assert.StartsWith("https://code.partner.example/start?parent=http%3A%2F%2F127.0.0.1%3A5080", frame.GetAttribute("src"), StringComparison.Ordinal);
            Assert.Equal("https://code.partner.example", frame.GetAttribute("data-tool-origin"));
            Assert.Contains("frame-src https://code.partner.example ", response.Headers.GetValues("Content-Security-Policy").Single());
            Assert.DoesNotContain("partner", (await app.SignedInAs(user).GetAsync("/tools/app-builder")).Headers.GetValues("Content-Security-Policy").Single());
            Assert.Equal(200, (await session.ActAsync(Session, origin: "https://code.partner.example")).Status);
            Assert.Equal(403, (await session.ActAsync(Session, origin: ToolApp.Origin)).Status);
        }
        finally
        {
            await app.ExecuteAsync("UPDATE tools SET address = NULL");
        }
    }
}
