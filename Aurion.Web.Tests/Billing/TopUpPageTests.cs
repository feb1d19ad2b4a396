using System.Net;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

public sealed class TopUpPageTests(PackApp app) : IClassFixture<PackApp>
{
    [Fact]
    public async Task Switching_on_keeps_what_was_allowed_and_the_billing_page_says_so()
    {
        var user = await app.GivenBuyerAsync(keepCard: true);

        var response = await PostAsync(app.SignedInAs(user), "250", "medium", "25.50");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal((true, 250, "medium", 2550, "4242"), (await app.QueryAsync<(bool, int, string, int, string)>(
            "SELECT enabled, threshold, pack_id, monthly_cap_cents, card_last4 FROM top_up_settings WHERE user_id = @Id", new { user.Id }))[0]);
        var text = (await app.SignedInAs(user).GetPageAsync("/billing")).QuerySelector("main")!.TextContent;
        Assert.Contains("$0.00 of $25.50", text, StringComparison.Ordinal);

        await app.SignedInAs(user).PostFormAsync("/billing/top-up", new Dictionary<string, string> { ["Input.Stop"] = "true" });
        Assert.False(await app.ScalarAsync<bool>("SELECT enabled FROM top_up_settings WHERE user_id = @Id", new { user.Id }));
    }

    [Theory]
    [InlineData("en", "1,000", "1,025.50", 1000, 102550)]
    [InlineData("en", "1000", "$25", 1000, 2500)]
    [InlineData("en", "12", "25.5", 12, 2550)]
    [InlineData("fr", "1 000", "1 025,50", 1000, 102550)]
    [InlineData("fr", "1\u202f000", "25,5\u00a0$", 1000, 2550)]
    public async Task Figures_are_read_as_the_person_writes_them(string language, string threshold, string cap, int credits, int cents)
    {
        var user = await app.GivenBuyerAsync(keepCard: true);

        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync(Browser(user, language), threshold, "medium", cap)).StatusCode);

        Assert.Equal((credits, cents), (await app.QueryAsync<(int, int)>("SELECT threshold, monthly_cap_cents FROM top_up_settings WHERE user_id = @Id", new { user.Id }))[0]);
    }

    [Theory]
    [InlineData("en", "250", "medium", "25,50", "Input_Cap", "written like 25.50")]
    [InlineData("fr", "250", "medium", "25.50", "Input_Cap", "écrit comme 25,50")]
    [InlineData("en", "250", "medium", "11.99", "Input_Cap", "At least $12")]
    [InlineData("en", "250", "medium", "10000.01", "Input_Cap", "at most $10,000")]
    [InlineData("en", "250", "medium", "-5", "Input_Cap", "Enter an amount")]
    [InlineData("en", "250", "medium", "99999999999999999999", "Input_Cap", "Enter an amount")]
    [InlineData("en", "", "medium", "25", "Input_Threshold", "Enter a number of credits")]
    [InlineData("en", "0", "medium", "25", "Input_Threshold", "Enter a number of credits")]
    [InlineData("en", "1001", "medium", "25", "Input_Threshold", "At most 1,000")]
    [InlineData("en", "ten", "medium", "25", "Input_Threshold", "Enter a number of credits")]
    [InlineData("en", "250", "gigantic", "25", "Input_Pack", "Choose one of the packs.")]
    public async Task What_makes_no_sense_is_refused_beside_its_field_and_stays_typed(string language, string threshold, string pack, string cap, string field, string words)
    {
        var user = await app.GivenBuyerAsync(keepCard: true);

        var response = await PostAsync(Browser(user, language), threshold, pack, cap);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var page = await response.ReadHtmlAsync();
        Assert.Contains(words, page.QuerySelector($"#{field}-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal((threshold, cap), (((IHtmlInputElement)page.QuerySelector("#Input_Threshold")!).Value, ((IHtmlInputElement)page.QuerySelector("#Input_Cap")!).Value));
        // The card is kept beside what the page proposes, and nothing else is.
        Assert.Equal((false, 100, "medium", 2400), (await app.QueryAsync<(bool, int, string, int)>(
            "SELECT enabled, threshold, pack_id, monthly_cap_cents FROM top_up_settings WHERE user_id = @Id", new { user.Id })).Single());
    }

    [Fact]
    public async Task Without_a_saved_card_nothing_is_switched_on_and_both_ways_out_are_there()
    {
        var stranger = await app.GivenUserAsync();
        var buyer = await app.GivenBuyerAsync(keepCard: false);

        foreach (var user in new[] { stranger, buyer })
        {
            var response = await PostAsync(app.SignedInAs(user), "250", "medium", "25");
            var alert = (await response.ReadHtmlAsync()).QuerySelector("main [role=alert]")!;

            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.Contains("There is no card that we may charge.", alert.TextContent, StringComparison.Ordinal);
            Assert.NotNull(alert.QuerySelector("a[href='/billing/packs']"));
            Assert.NotNull(alert.QuerySelector("form[action='/billing/top-up/card']"));
        }
    }

    [Fact]
    public async Task While_Stripe_is_away_what_was_typed_stays()
    {
        var user = await app.GivenBuyerAsync(keepCard: true);
        app.Stripe.Faults.Unavailable = true;
        var response = await PostAsync(app.SignedInAs(user), "251", "medium", "25");
        app.Stripe.Faults.Unavailable = false;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("251", ((IHtmlInputElement)(await response.ReadHtmlAsync()).QuerySelector("#Input_Threshold")!).Value);
    }

    private TestClient Browser(TestUser user, string language)
    {
        var browser = app.SignedInAs(user);
        browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return browser;
    }

    private static Task<HttpResponseMessage> PostAsync(TestClient browser, string threshold, string pack, string cap) =>
        browser.PostFormAsync("/billing/top-up", new Dictionary<string, string> { ["Input.Threshold"] = threshold, ["Input.Pack"] = pack, ["Input.Cap"] = cap, ["Input.Card"] = "visa 4242" });
}
