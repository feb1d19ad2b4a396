using Aurion.E2E.Harness;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>The browser is the visitor's; what they write into it is not ours to believe.</summary>
public sealed class TamperingTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Fact]
    public async Task Values_changed_in_the_browser_change_nothing()
    {
        var visitor = await VisitAsync();
        visitor.Expect(403);
        var email = await visitor.SignUpAsync();
        await Site.SqlAsync(Guide.SpendAll.For(email));

        await visitor.Page.EvaluateAsync("""
            () => {
                for (const store of [localStorage, sessionStorage])
                    for (const [key, value] of Object.entries({ credits: '99999', total_credits: '99999', remaining: '99999', plan: 'enterprise', user_plan: 'enterprise', isAdmin: 'true', demo_mode: 'true', 'aurion-credits': '{"total":99999,"used":0}' }))
                        store.setItem(key, value);
                for (const cookie of ['credits=99999', 'plan=enterprise', 'admin=true', 'demo=true'])
                    document.cookie = cookie + ';path=/';
            }
            """);
        await visitor.OpenAsync("/tools/app-builder");

        await visitor.SeesBalanceAsync(0);
        await Expect(visitor.Exhausted).ToBeVisibleAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");

        // And a button that somebody enables in the inspector is still refused by the server.
        await visitor.LaunchButton.EvaluateAsync("button => { button.disabled = false; button.removeAttribute('data-min-credits'); }");
        await visitor.LaunchButton.ClickAsync();
        await Expect(visitor.Exhausted).ToBeVisibleAsync();
        await Expect(visitor.Frame).ToHaveCountAsync(0);
        Assert.Equal(100, Assert.Single(await Site.SqlAsync(Guide.Credits.For(email)))["used_credits"]);
        Assert.DoesNotContain(await Site.SqlAsync(Guide.LastLogs.For(email)), line => ((string)line["action_type"]!).StartsWith("launch_tool_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_price_in_the_order_form_is_not_believed()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/pricing");

        await visitor.Button("Choose Enterprise").EvaluateAsync("""
            button => { for (const [name, value] of [['amount', '1'], ['price', '1'], ['unit_amount', '1'], ['quantity', '0']]) {
                const field = document.createElement('input'); field.type = 'hidden'; field.name = name; field.value = value; button.form.append(field); } }
            """);
        await visitor.Button("Choose Enterprise").ClickAsync();

        await visitor.ReachStripeAsync();
        await Expect(visitor.Page.Locator("body")).ToContainTextAsync("$499.00");
    }
}
