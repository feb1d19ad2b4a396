using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>A press of a button that comes to nothing is said, and so is a tool that does not start.</summary>
public sealed class FailedRequestTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory]
    [InlineData("en", 0, "No answer from Aurion. Check your connection and try again.", "Trying again never charges twice.")]
    [InlineData("en", 400, "This page is out of date. Reload it and try again.", "You were not charged.")]
    [InlineData("en", 401, "Your session has ended.", "You were not charged.")]
    [InlineData("fr", 429, "Trop de demandes. Réessayez dans 7 secondes.", "Rien ne vous a été débité.")]
    [InlineData("en", 502, "Aurion has a problem at the moment. Try again in a few seconds.", "Trying again never charges twice.")]
    [InlineData("en", 503, "Aurion has a problem at the moment. Try again in a few seconds.", "Trying again never charges twice.")]
    public async Task A_launch_whose_request_fails_says_so_and_the_next_press_works(string language, int status, string sentence, string charge)
    {
        var visitor = await VisitAsync(new(language));
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/tools/text-editor");
        visitor.Expect(status);
        await visitor.Page.RouteAsync("**/tools/text-editor", route => route.Request.Method != "POST" ? route.ContinueAsync()
            : status == 0 ? route.AbortAsync("internetdisconnected")
            : route.FulfillAsync(new() { Status = status, ContentType = "text/html", Headers = new Dictionary<string, string> { ["Retry-After"] = "7" }, Body = "<h1>refused</h1>" }));
        // The browser's own line, and those of htmx.
        foreach (var line in new[] { "Failed to load resource: net::ERR_INTERNET_DISCONNECTED", "Response Status Error Code", "htmx:" })
            visitor.Overlook(line);

        await visitor.LaunchButton.ClickAsync();

        var said = visitor.Page.Locator("#toasts[role=status] .toast.danger");
        await Expect(said).ToContainTextAsync(sentence);
        await Expect(said).ToContainTextAsync(charge);
        await Expect(visitor.LaunchButton).ToBeFocusedAsync();
        await visitor.CheckAsync();

        await visitor.Page.UnrouteAsync("**/tools/text-editor");
        await visitor.LaunchButton.ClickAsync();
        await Expect(visitor.Frame).ToBeVisibleAsync();
        await visitor.SeesBalanceAsync(95);
    }

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task A_tool_that_never_reports_ready_is_given_back_within_ten_seconds(string language)
    {
        var visitor = await VisitAsync(new(language));
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/tools/text-editor");
        await visitor.Page.RouteAsync($"{Site.State.Tools}/tools/text-editor?*", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><html lang=en><title>Silent</title><h1>Silent</h1>" }));

        await visitor.LaunchButton.ClickAsync();
        await visitor.SeesBalanceAsync(95);

        await Expect(visitor.Page.Locator("#launch [role=alert]")).ToContainTextAsync(language == "fr" ? "Rien n’a été débité" : "You were not charged", new() { Timeout = 14_000 });
        await visitor.SeesBalanceAsync(100);
        await visitor.KeepsFocusAsync();
        await visitor.CheckAsync();
    }

    [Fact]
    public async Task A_tool_that_was_ready_before_the_pages_script_still_gets_its_session()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("text-editor");
        await visitor.Page.RouteAsync("**/js/app*.js", async route =>
        {
            await Task.Delay(TimeSpan.FromSeconds(4));
            await route.ContinueAsync();
        });

        await visitor.Page.GotoAsync("/tools/text-editor");

        await Expect(visitor.Tool.GetByRole(AriaRole.Textbox).First).ToBeVisibleAsync(new() { Timeout = 15_000 });
    }
}
