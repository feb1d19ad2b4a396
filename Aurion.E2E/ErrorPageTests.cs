using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

[Collection(PagesCollection.Name)]
public sealed class ErrorPageTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory]
    [InlineData("en", "/no-such-page", 404, "There is nothing at this address")]
    [InlineData("fr", "/no-such-page", 404, "Il n’y a rien à cette adresse")]
    [InlineData("en", "/tools/no-such-tool", 404, "There is nothing at this address")]
    public async Task A_page_that_is_not_there_says_so_in_the_visitors_language(string language, string path, int status, string heading)
    {
        var visitor = await VisitAsync(new(language));
        visitor.Expect(status);

        var answer = await visitor.Page.GotoAsync(path);

        Assert.Equal(status, answer!.Status);
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(heading);
        await visitor.CheckAsync();
    }

    [Fact]
    public async Task The_administrators_pages_do_not_exist_for_others()
    {
        var visitor = await VisitAsync();
        visitor.Expect(404);
        await visitor.SignUpAsync();

        Assert.Equal(404, (await visitor.Page.GotoAsync("/admin"))!.Status);
    }

    [Fact]
    public async Task Somebody_elses_receipt_does_not_exist()
    {
        var owner = await VisitAsync();
        var email = await owner.SignUpAsync();
        await owner.LaunchAsync("text-editor");
        await owner.OpenAsync("/credits");
        var receipt = await owner.Page.GetByRole(AriaRole.Link, new() { Name = "Text Editor launched" }).GetAttributeAsync("href");

        var other = await VisitAsync();
        other.Expect(404);
        await other.SignUpAsync();

        Assert.Equal(404, (await other.Page.GotoAsync(receipt!))!.Status);
        Assert.DoesNotContain(email, await other.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_for_people_with_an_account_leads_to_sign_in_and_back()
    {
        var visitor = await VisitAsync();
        var email = await visitor.SignUpAsync();
        await visitor.Page.Context.ClearCookiesAsync();

        await visitor.OpenAsync("/credits");
        await visitor.ArriveAsync("/account/sign-in");
        await visitor.FillAccountAsync(email, "lanterne-violette-82");
        await visitor.Button("Sign in").ClickAsync();

        await visitor.ArriveAsync("/credits");
    }
}
