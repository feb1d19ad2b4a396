using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

public sealed class ProfileTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task Name_language_and_theme_are_kept_and_show_at_once()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);

        (await browser.PostAsync("/account", ("Input.FullName", "Zoé <b>\"'&"), ("Input.Language", "fr"), ("Input.Theme", "dark"))).AssertGoesTo("/account");

        var page = await browser.GetPageAsync("/account");
        Assert.Equal(("fr", "dark"), (page.DocumentElement.GetAttribute("lang"), page.DocumentElement.GetAttribute("data-theme")));
        Assert.Equal("Zoé <b>\"'&", page.QuerySelector("[name='Input.FullName']")!.GetAttribute("value"));
        Assert.Equal("Enregistré.", page.QuerySelector("#toasts .toast span")?.TextContent);
        Assert.Equal(("Zoé <b>\"'&", "fr", "dark"), await ProfileAsync(user));
    }

    [Fact]
    public async Task Following_the_browser_again_forgets_the_choice()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        await browser.PostAsync("/account", ("Input.FullName", ""), ("Input.Language", "fr"), ("Input.Theme", "dark"));

        await browser.PostAsync("/account", ("Input.FullName", ""), ("Input.Language", ""), ("Input.Theme", ""));

        Assert.Equal("en", (await browser.GetPageAsync("/account")).DocumentElement.GetAttribute("lang"));
        Assert.Equal((null, null, null), await ProfileAsync(user));
    }

    [Theory]
    [InlineData("Input.Language", "de")]
    [InlineData("Input.Theme", "pink")]
    public async Task A_value_that_is_not_offered_changes_nothing(string field, string value)
    {
        var user = await app.GivenUserAsync();

        var response = await app.SignedInAs(user).PostAsync("/account", ("Input.FullName", "X"), (field, value));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal((null, null, null), await ProfileAsync(user));
    }

    [Theory]
    [InlineData("\u200b\u200b\u200d\ufeff", null)]
    [InlineData(" \u2060 \u00ad", null)]
    [InlineData("\u3164\u2800", null)]
    [InlineData("می\u200cخواهم", "می\u200cخواهم")]
    [InlineData("👩\u200d🚀", "👩\u200d🚀")]
    public async Task A_name_that_nobody_sees_is_no_name(string typed, string? kept)
    {
        var user = await app.GivenUserAsync();

        (await app.SignedInAs(user).PostAsync("/account", ("Input.FullName", typed))).AssertGoesTo("/account");

        Assert.Equal(kept, await app.ScalarAsync<string?>("SELECT full_name FROM profiles WHERE id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused_and_stays_in_the_form()
    {
        var user = await app.GivenUserAsync();
        var name = new string('a', 101);

        var page = await (await app.SignedInAs(user).PostAsync("/account", ("Input.FullName", name))).ReadHtmlAsync();

        Assert.Equal("Use at most 100 characters.", page.ErrorOf("Input.FullName"));
        Assert.Equal(name, page.QuerySelector("[name='Input.FullName']")!.GetAttribute("value"));
    }

    [Fact]
    public async Task The_switches_in_the_footer_are_remembered_by_the_account()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        var token = new KeyValuePair<string, string>("__RequestVerificationToken", await browser.FormTokenAsync("/account"));

        await browser.SendFormAsync("/preferences/language", [new("lang", "fr"), token]);
        await browser.SendFormAsync("/preferences/theme", [new("theme", "light"), token]);

        Assert.Equal((null, "fr", "light"), await ProfileAsync(user));
    }

    private async Task<(string? Name, string? Locale, string? Theme)> ProfileAsync(TestUser user) =>
        Assert.Single(await app.QueryAsync<(string?, string?, string?)>("SELECT full_name, locale, theme FROM profiles WHERE id = @Id", user));
}
