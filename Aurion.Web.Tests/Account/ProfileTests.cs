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

        (await browser.PostAsync("/account/preferences", ("Input.TimeZone", "UTC"), ("Input.FullName", "Zoé <b>\"'&"), ("Input.Language", "fr"), ("Input.Theme", "dark"))).AssertGoesTo("/account/preferences");

        var page = await browser.GetPageAsync("/account/preferences");
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
        await browser.PostAsync("/account/preferences", ("Input.TimeZone", "UTC"), ("Input.FullName", ""), ("Input.Language", "fr"), ("Input.Theme", "dark"));

        await browser.PostAsync("/account/preferences", ("Input.TimeZone", "UTC"), ("Input.FullName", ""), ("Input.Language", ""), ("Input.Theme", ""));

        Assert.Equal("en", (await browser.GetPageAsync("/account/preferences")).DocumentElement.GetAttribute("lang"));
        Assert.Equal((null, null, null), await ProfileAsync(user));
    }

    [Theory]
    [InlineData("Input.Language", "de")]
    [InlineData("Input.Theme", "pink")]
    public async Task A_value_that_is_not_offered_changes_nothing(string field, string value)
    {
        var user = await app.GivenUserAsync();

        var response = await app.SignedInAs(user).PostAsync("/account/preferences", ("Input.TimeZone", "UTC"), ("Input.FullName", "X"), (field, value));

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

        (await app.SignedInAs(user).PostAsync("/account/preferences", ("Input.TimeZone", "UTC"), ("Input.FullName", typed))).AssertGoesTo("/account/preferences");

        Assert.Equal(kept, await app.ScalarAsync<string?>("SELECT full_name FROM profiles WHERE id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused_and_stays_in_the_form()
    {
        var user = await app.GivenUserAsync();
        var name = new string('a', 101);

        var page = await (await app.SignedInAs(user).PostAsync("/account/preferences", ("Input.TimeZone", "UTC"), ("Input.FullName", name))).ReadHtmlAsync();

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

    [Fact]
    public async Task Times_are_written_in_the_zone_that_was_chosen_and_named_on_this_device_and_on_the_next()
    {
        app.Clock.StopAt(new DateTimeOffset(2027, 1, 31, 20, 15, 0, TimeSpan.Zero));
        await app.Anonymous().SignUpAsync("zone@test.example");
        var browser = app.Anonymous();
        await browser.SignInAsync("zone@test.example");
        Assert.Contains("Jan 31, 20:15", (await browser.GetPageAsync("/credits")).Body!.TextContent, StringComparison.Ordinal);

        (await browser.PostAsync("/account/preferences", ("Input.TimeZone", "Asia/Tokyo"))).AssertGoesTo("/account/preferences");
        var ledger = (await browser.GetPageAsync("/credits")).Body!.TextContent;
        Assert.Contains("When (Asia/Tokyo)", ledger, StringComparison.Ordinal);
        Assert.Contains("Feb 1, 05:15", ledger, StringComparison.Ordinal);
        Assert.Contains("Times: Asia/Tokyo", ledger, StringComparison.Ordinal);

        var other = app.Anonymous();
        await other.SignInAsync("zone@test.example");
        Assert.Contains("Feb 1, 05:15", (await other.GetPageAsync("/credits")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("", (await other.GetPageAsync("/credits")).Body!.GetAttribute("data-ask-zone"));
    }

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("Central European Standard Time")]
    [InlineData("")]
    public async Task A_zone_that_there_is_not_is_refused_and_changes_nothing(string zone)
    {
        var user = await app.GivenUserAsync();

        var response = await app.SignedInAs(user).PostAsync("/account/preferences", ("Input.FullName", "X"), ("Input.TimeZone", zone), ("Input.DailyCap", "10"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("Choose one of the zones.", (await response.ReadHtmlAsync()).QuerySelector("#zone-error")!.TextContent.Trim());
        Assert.Equal((null, null, null), await ProfileAsync(user));
        Assert.Null(await app.ScalarAsync<int?>("SELECT daily_cap FROM user_credits WHERE user_id = @Id", user));
    }

    [Fact]
    public async Task The_zone_of_the_device_is_taken_once_and_does_not_replace_one_that_was_chosen()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        Assert.Equal("/preferences/zone", (await browser.GetPageAsync("/dashboard")).Body!.GetAttribute("data-ask-zone"));
        var token = new KeyValuePair<string, string>("__RequestVerificationToken", await browser.FormTokenAsync("/account"));

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendFormAsync("/preferences/zone", [new("zone", "Mars/Olympus"), token])).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await browser.SendFormAsync("/preferences/zone", [new("zone", "Europe/Paris"), token])).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await browser.SendFormAsync("/preferences/zone", [new("zone", "Asia/Tokyo"), token])).StatusCode);

        Assert.Equal("Europe/Paris", await app.ScalarAsync<string>("SELECT time_zone FROM profiles WHERE id = @Id", user));
        Assert.Contains("Times: Europe/Paris", (await browser.GetPageAsync("/account")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Own_limits_are_set_shown_with_what_is_left_of_them_and_taken_back()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);

        (await browser.PostAsync("/account/preferences", ("Input.TimeZone", "UTC"), ("Input.DailyCap", "30"), ("Input.MonthlyCap", "1,200"))).AssertGoesTo("/account/preferences");
        await app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" });

        var page = await browser.GetPageAsync("/account/preferences");
        Assert.Equal(("30", "1200"), (page.QuerySelector("[name='Input.DailyCap']")!.GetAttribute("value"), page.QuerySelector("[name='Input.MonthlyCap']")!.GetAttribute("value")));
        Assert.StartsWith("25 left until ", page.QuerySelector("#Input_DailyCap-hint")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("1,195 left until ", page.QuerySelector("#Input_MonthlyCap-hint")!.TextContent, StringComparison.Ordinal);

        await browser.PostAsync("/account/preferences", ("Input.TimeZone", "UTC"), ("Input.DailyCap", ""), ("Input.MonthlyCap", " "));
        Assert.Equal((null, null), Assert.Single(await app.QueryAsync<(int?, int?)>("SELECT daily_cap, monthly_cap FROM user_credits WHERE user_id = @Id", user)));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1000001")]
    [InlineData("ten")]
    [InlineData("1.5")]
    public async Task A_limit_that_is_no_number_of_credits_is_refused_and_stays_in_the_form(string typed)
    {
        var user = await app.GivenUserAsync();

        var page = await (await app.SignedInAs(user).PostAsync("/account/preferences", ("Input.TimeZone", "UTC"), ("Input.DailyCap", typed))).ReadHtmlAsync();

        Assert.Equal("A number of credits up to 1,000,000, or nothing for no limit.", page.ErrorOf("Input.DailyCap"));
        Assert.Equal(typed, page.QuerySelector("[name='Input.DailyCap']")!.GetAttribute("value"));
        Assert.Null(await app.ScalarAsync<int?>("SELECT daily_cap FROM user_credits WHERE user_id = @Id", user));
    }

    private async Task<(string? Name, string? Locale, string? Theme)> ProfileAsync(TestUser user) =>
        Assert.Single(await app.QueryAsync<(string?, string?, string?)>("SELECT full_name, locale, theme FROM profiles WHERE id = @Id", user));
}
