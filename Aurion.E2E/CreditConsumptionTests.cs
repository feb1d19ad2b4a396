using System.Text.Json;
using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>The guide's Test 2.</summary>
public sealed class CreditConsumptionTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory, InlineData("en"), InlineData("fr")]
    public async Task A_launch_takes_its_cost_and_leaves_a_line(string language)
    {
        var visitor = await VisitAsync(new(language));
        var email = await visitor.SignUpAsync();

        await visitor.LaunchAsync("app-builder");

        Assert.Equal(50, Assert.Single(await Site.SqlAsync(Guide.Credits.For(email)))["used_credits"]);
        var line = (await Site.SqlAsync(Guide.LastLogs.For(email)))[0];
        Assert.Equal("launch_tool_app-builder", line["action_type"]);
        Assert.Equal(50, line["credits_used"]);
        using var metadata = JsonDocument.Parse((string)line["metadata"]!);
        Assert.Equal("app-builder", metadata.RootElement.GetProperty("tool_id").GetString());
        Assert.Equal("launch", metadata.RootElement.GetProperty("action").GetString());
        await visitor.SeesBalanceAsync(50);
    }

    [Fact]
    public async Task The_tool_runs_on_another_origin_and_gets_no_token_in_its_address()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("content-generator");

        var frame = visitor.Page.Frames.Single(frame => frame.ParentFrame is not null);
        Assert.StartsWith(Site.State.Tools + "/tools/content-generator", frame.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("token", frame.Url, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_reload_and_a_second_tab_do_not_pay_again()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("text-editor");

        await visitor.Page.ReloadAsync();
        await visitor.SeesBalanceAsync(95);
        var second = await visitor.OpenTabAsync("/tools/text-editor");

        await Expect(second.Frame).ToBeVisibleAsync();
        await second.SeesBalanceAsync(95);
    }

    [Fact]
    public async Task The_ledger_shows_the_launch_and_its_receipt()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("code-editor");

        await visitor.OpenAsync("/credits");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Code Editor launched" }).ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("−10");
        await Expect(visitor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("90");
        await visitor.CheckAsync();
    }

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task A_tool_that_is_announced_cannot_be_launched(string language)
    {
        var visitor = await VisitAsync(new(language));
        await visitor.SignUpAsync();

        await visitor.OpenAsync("/tools/video-generation");

        await Expect(visitor.Page.GetByText(visitor.Say("Coming soon"))).ToBeVisibleAsync();
        await Expect(visitor.LaunchButton).ToHaveCountAsync(0);
    }
}
