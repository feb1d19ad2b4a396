using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>The journey in a browser that runs no script.</summary>
[Collection(PagesCollection.Name)]
public sealed class NoScriptTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory, InlineData("en"), InlineData("fr")]
    public async Task The_journey_needs_no_script(string language)
    {
        var visitor = await VisitAsync(new(language, JavaScript: false));
        visitor.Expect(403);
        var email = await visitor.SignUpAsync();

        await visitor.OpenAsync("/tools/app-builder");
        await visitor.LaunchButton.ClickAsync();
        await Expect(visitor.Frame).ToHaveCountAsync(1);
        await visitor.SeesBalanceAsync(50);
        await visitor.LaunchAgainAsync();
        await visitor.SeesBalanceAsync(0);

        await visitor.OpenAsync("/tools/website-builder");
        await Expect(visitor.Exhausted).ToBeVisibleAsync();
        await Expect(visitor.LaunchButton).ToBeDisabledAsync();
        await visitor.Exhausted.GetByRole(AriaRole.Button, new() { Name = visitor.Say("Upgrade to Starter") }).ClickAsync();
        await visitor.PayAsync(CardPage.Accepted);
        await visitor.SeesWelcomeAsync("Starter");

        await visitor.OpenAsync("/tools/website-builder");
        await visitor.LaunchButton.ClickAsync();
        await visitor.SeesBalanceAsync(950);
        Assert.Equal(50, Assert.Single(await Site.SqlAsync(Guide.Credits.For(email)))["used_credits"]);
    }

    [Fact]
    public async Task A_second_press_of_the_same_form_is_one_launch()
    {
        var visitor = await VisitAsync(new(JavaScript: false));
        var email = await visitor.SignUpAsync();
        await visitor.OpenAsync("/tools/ai-agents");

        // What two presses of an impatient person send, before the first answer has come.
        var form = visitor.Page.Locator("form").Filter(new() { Has = visitor.LaunchButton });
        var fields = visitor.Page.Context.APIRequest.CreateFormData();
        foreach (var field in await form.Locator("input").AllAsync())
            fields.Append((await field.GetAttributeAsync("name"))!, await field.InputValueAsync());
        var presses = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => visitor.Page.Context.APIRequest.PostAsync("/tools/ai-agents", new() { Form = fields })));

        Assert.All(presses, press => Assert.Equal(200, press.Status));
        await visitor.OpenAsync("/tools/ai-agents");
        await visitor.SeesBalanceAsync(70);
        Assert.Equal(30, Assert.Single(await Site.SqlAsync(Guide.Credits.For(email)))["used_credits"]);
    }

    [Fact]
    public async Task The_catalogue_can_be_searched()
    {
        var visitor = await VisitAsync(new(JavaScript: false));
        await visitor.OpenAsync("/tools");
        await visitor.Page.GetByRole(AriaRole.Searchbox).FillAsync("image");
        await visitor.Page.GetByRole(AriaRole.Search).GetByRole(AriaRole.Button).ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Image Generation" })).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Text Editor" })).ToHaveCountAsync(0);
    }
}
