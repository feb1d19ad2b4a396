using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Aurion.Web.Credits.Ledger;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Credits;

public sealed class LedgerTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task Each_movement_has_its_time_name_sign_and_the_balance_after()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());
        await browser.PostFormAsync("/tools/app-builder");

        var rows = Rows(await browser.GetPageAsync("/credits"));

        Assert.Equal(["App Builder launched", "\u221250", "50"], rows[0].Skip(1));
        Assert.Equal(["Credits of the Free plan", "+100", "100"], rows[1].Skip(1));
    }

    [Theory]
    [InlineData("spent", "App Builder launched")]
    [InlineData("refunds", "Refund: App Builder")]
    [InlineData("received", "Credits of the Free plan")]
    [InlineData("adjustments", "Adjustment")]
    public async Task The_list_can_be_narrowed_to_one_kind(string kind, string name)
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        await browser.PostFormAsync("/tools/app-builder");
        await app.ExecuteAsync("""
            SELECT refund_user_credits(user_id, operation_id, 'provider_failed') FROM usage_logs WHERE user_id = @Id AND credits_used = 50;
            UPDATE user_credits SET used_credits = 10 WHERE user_id = @Id
            """, new { user.Id });

        var rows = Rows(await browser.GetPageAsync($"/credits?kind={kind}"));

        Assert.Equal([name], rows.Select(row => row[1]));
    }

    [Theory]
    [InlineData("/credits?kind=nonsense&days=13&before=x&after=-1")]
    [InlineData("/credits?kind=1&days=99999999999999999999")]
    public async Task What_the_address_does_not_know_is_ignored(string address) =>
        Assert.Single(Rows(await app.SignedInAs(await app.GivenUserAsync()).GetPageAsync(address)));

    [Fact]
    public async Task A_period_leaves_out_what_is_older()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("""
            SELECT record_movement(@Id, 100, 0, 0, 'plan_upgraded', 0, 'old', 'system', '{}', NULL, now() - interval '7 days 1 minute')
            """, new { user.Id });
        var browser = app.SignedInAs(user);

        Assert.Single(Rows(await browser.GetPageAsync("/credits?days=7")));
        Assert.Equal(2, Rows(await browser.GetPageAsync("/credits?days=30")).Count);
    }

    [Theory]
    [InlineData(49, 0)]
    [InlineData(50, 0)]
    [InlineData(51, 1)]
    [InlineData(101, 51)]
    public async Task Pages_of_fifty_lead_through_every_movement_once_and_back(int movements, int beyondFirst)
    {
        var browser = app.SignedInAs(await GivenMovementsAsync(movements));

        var (seen, addresses) = (new List<string>(), new List<string> { "/credits" });
        for (var next = "/credits"; next is not null;)
        {
            var page = await browser.GetPageAsync(next);
            seen.AddRange(Links(page));
            next = page.QuerySelector("a[rel=next]")?.GetAttribute("href");
            if (next is not null)
                addresses.Add(next);
        }

        Assert.Equal(Enumerable.Range(1, movements).Reverse().Select(seq => $"/credits/{seq}"), seen);
        Assert.Equal(beyondFirst, seen.Count - Math.Min(50, movements));

        var last = await browser.GetPageAsync(addresses[^1]);
        Assert.Equal(addresses.Count > 1, last.QuerySelector("a[rel=prev]") is not null);
        if (last.QuerySelector("a[rel=prev]")?.GetAttribute("href") is { } back)
            Assert.Equal(Links(await browser.GetPageAsync(addresses[^2])), Links(await browser.GetPageAsync(back)));
    }

    [Fact]
    public async Task The_credits_of_the_csv_add_up_to_the_balance()
    {
        var user = await app.GivenUserAsync(credits: 73);
        var browser = app.SignedInAs(user);
        await browser.PostFormAsync("/tools/app-builder");
        await browser.PostFormAsync("/tools/text-editor");

        var response = await browser.GetAsync("/credits/ledger.csv");

        var lines = (await response.Content.ReadAsStringAsync()).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("seq,time,movement,action,credits,balance_after,actor", lines[0]);
        Assert.Equal(5, lines.Length);
        Assert.Equal(18, lines.Skip(1).Sum(line => int.Parse(line.Split(',')[4], null)));
        Assert.EndsWith(",launch_tool_text-editor,-5,18,user", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=SUM(A1)", "'=SUM(A1)")]
    [InlineData("@cmd", "'@cmd")]
    [InlineData("-1", "'-1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("+1\r\n2", "\"'+1\r\n2\"")]
    [InlineData("plain", "plain")]
    public void A_cell_is_text_to_a_spreadsheet_whatever_it_holds(string text, string cell) =>
        Assert.Equal(cell, LedgerExport.Cell(text));

    [Fact]
    public async Task A_receipt_says_the_price_where_it_was_taken_from_and_how_long_the_tool_is_open()
    {
        var user = await app.GivenUserAsync(credits: 20);
        await app.ExecuteAsync("UPDATE user_credits SET bonus_credits = 100 WHERE user_id = @Id", new { user.Id });
        var browser = app.SignedInAs(user);
        await browser.PostFormAsync("/tools/app-builder");
        var link = Links(await browser.GetPageAsync("/credits"))[0];

        var lines = Pairs(await browser.GetPageAsync(link));

        Assert.Equal("50 credits", lines["Price"]);
        Assert.Equal("20", lines["Credits of the plan"]);
        Assert.Equal("30", lines["Bonus credits"]);
        Assert.Equal("\u221250", lines["Credits"]);
        Assert.Equal("70", lines["Balance after"]);
        Assert.StartsWith("The tool is open until", lines["Outcome"], StringComparison.Ordinal);
        Assert.Equal("you", lines["By"]);
    }

    [Fact]
    public async Task A_refunded_launch_says_that_it_was_not_charged_and_refund_and_launch_lead_to_one_another()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        await browser.PostFormAsync("/tools/app-builder");
        await app.ExecuteAsync("SELECT refund_user_credits(user_id, operation_id, 'provider_failed') FROM usage_logs WHERE user_id = @Id AND credits_used = 50", new { user.Id });

        var launch = await browser.GetPageAsync("/credits/2");
        var refund = await browser.GetPageAsync("/credits/3");

        Assert.Contains("You were not charged.", launch.QuerySelector(".notice.ok")?.TextContent, StringComparison.Ordinal);
        Assert.Equal("/credits/3", launch.QuerySelector(".notice a")?.GetAttribute("href"));
        Assert.Equal("/credits/2", refund.QuerySelector("dl a")?.GetAttribute("href"));
    }

    [Theory]
    [InlineData("/credits/2")]
    [InlineData("/credits/0")]
    [InlineData("/credits/-1")]
    [InlineData("/credits/99999999999999999999")]
    public async Task A_receipt_that_is_not_there_is_not_found(string address) =>
        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(await app.GivenUserAsync()).GetAsync(address)).StatusCode);

    [Fact]
    public async Task Nobody_reads_the_receipts_of_another()
    {
        var spender = await app.GivenUserAsync();
        await app.SignedInAs(spender).PostFormAsync("/tools/app-builder");

        var response = await app.SignedInAs(await app.GivenUserAsync()).GetAsync("/credits/2");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<TestUser> GivenMovementsAsync(int count)
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("""
            SELECT record_movement(@Id, 100, 0, 0, 'plan_upgraded', 0, 'movement-' || i, 'system', '{}', NULL, now()) FROM generate_series(2, @count) AS i
            """, new { user.Id, count });
        return user;
    }

    private static List<List<string>> Rows(IHtmlDocument html) =>
        [.. html.QuerySelectorAll("#ledger tbody tr").Select(row => row.Children.Select(cell => cell.TextContent.Trim()).ToList())];

    private static List<string> Links(IHtmlDocument html) =>
        [.. html.QuerySelectorAll("#ledger tbody a").Select(link => link.GetAttribute("href")!)];

    private static Dictionary<string, string> Pairs(IHtmlDocument html) =>
        html.QuerySelectorAll(".receipt dl > div").ToDictionary(pair => pair.Children[0].TextContent.Trim(), pair => pair.Children[1].TextContent.Trim(), StringComparer.Ordinal);
}
