using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Credits;

public sealed class DashboardTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task Every_figure_of_the_balance_on_the_page_is_the_same()
    {
        var user = await app.GivenUserAsync(credits: 40);

        var html = await app.SignedInAs(user).GetPageAsync("/dashboard");

        Assert.Equal(["40", "40"], html.QuerySelectorAll("[data-balance=available]").Select(place => place.TextContent));
        var meter = html.QuerySelector("meter[data-balance-meter]")!;
        Assert.Equal(("40", "100"), (meter.GetAttribute("value"), meter.GetAttribute("max")));
    }

    [Theory]
    [InlineData(0, "used up")]
    [InlineData(24, "running low")]
    [InlineData(25, "comfortable")]
    public async Task The_state_of_the_balance_is_said_in_words(int credits, string words)
    {
        var html = await app.SignedInAs(await app.GivenUserAsync(credits)).GetPageAsync("/dashboard");

        Assert.Equal(words, html.QuerySelector("#balance-state")?.TextContent);
    }

    [Fact]
    public async Task The_renewal_has_one_date_everywhere()
    {
        var user = await app.GivenUserAsync(credits: 90);
        var renewal = $"{await app.ScalarAsync<DateTime>("SELECT current_period_end FROM user_plans WHERE user_id = @Id", new { user.Id }):MMMM d}";

        var html = await app.SignedInAs(user).GetPageAsync("/dashboard");

        Assert.Contains($"Your credits renew on {renewal},", html.QuerySelector("#pace")?.TextContent, StringComparison.Ordinal);
        Assert.Contains(renewal, html.QuerySelector(".side")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewal_that_waits_for_its_payment_promises_no_day()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("""
            UPDATE user_plans SET plan_type = 'starter', status = 'past_due', billing_interval = 'month',
                   current_period_start = now() - interval '32 days', current_period_end = now() - interval '2 days' WHERE user_id = @Id
            """, new { user.Id });

        var html = await app.SignedInAs(user).GetPageAsync("/dashboard");

        Assert.Contains("Your credits renew once the last invoice is paid.", html.QuerySelector("#pace")?.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Renews on", html.QuerySelector(".side")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frozen_plan_says_what_waits_and_leads_to_the_invoice()
    {
        var user = await app.GivenUserAsync(credits: 70);
        await app.ExecuteAsync("UPDATE user_plans SET status = 'past_due', current_period_start = now() - interval '39 days', current_period_end = now() - interval '9 days' WHERE user_id = @Id", new { user.Id });
        await app.ExecuteAsync("UPDATE user_credits SET frozen_at = now() - interval '1 day' WHERE user_id = @Id", new { user.Id });

        var html = await app.SignedInAs(user).GetPageAsync("/dashboard");

        Assert.Equal("frozen", html.QuerySelector("#balance-state")?.TextContent);
        Assert.Contains("70 credits of your plan wait until then.", html.QuerySelector("#pace")?.TextContent, StringComparison.Ordinal);
        Assert.Equal(("Pay the invoice", "/billing"), (html.QuerySelector("#owed a.btn")?.TextContent, html.QuerySelector("#owed a.btn")?.GetAttribute("href")));
        Assert.Null(html.QuerySelector("#balance-ways .btn:not(.quiet)"));
        var launch = await app.SignedInAs(user).GetPageAsync("/tools/app-builder");
        Assert.Equal("/billing", launch.QuerySelector("#owed a")?.GetAttribute("href"));
        Assert.NotNull(launch.QuerySelector("#launch-contested[hidden]"));
        Assert.Null(launch.QuerySelector("#launch a[href='/pricing']"));
    }

    [Fact]
    public async Task A_newcomer_sees_what_the_tools_make_and_is_asked_for_nothing()
    {
        var html = await app.SignedInAs(await app.GivenUserAsync()).GetPageAsync("/dashboard");

        Assert.Equal("Make something first", html.QuerySelector("#begin")!.TextContent);
        // The providers of chat and pictures have no key here, so their tools are not offered.
        var tool = Assert.Single(html.QuerySelectorAll(".first > li"));
        Assert.Equal(("/tools/app-builder", "Launch your first · 50 credits"), (tool.QuerySelector("a.btn")!.GetAttribute("href"), tool.QuerySelector("a.btn")!.TextContent));
        Assert.Equal("100 credits: 2 sessions", tool.QuerySelector(".cost")!.TextContent.Trim());
        var picture = tool.QuerySelector("img")!.GetAttribute("src")!;
        Assert.StartsWith("/pic/app.", picture, StringComparison.Ordinal);
        Assert.Equal("image/svg+xml", (await app.Anonymous().GetAsync(picture)).Content.Headers.ContentType?.MediaType);
        var left = html.QuerySelectorAll(".receipt dd").Select(amount => amount.TextContent.Trim()).ToList();
        Assert.Equal(["+100", "\u221250", "50"], left);
        Assert.DoesNotContain("Get more credits", html.Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(html.QuerySelector(".chart"));
    }

    [Fact]
    public async Task After_the_first_launch_the_page_lists_what_was_used_and_nothing_else()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());
        await browser.PostFormAsync("/tools/text-editor");

        var html = await browser.GetPageAsync("/dashboard");

        Assert.Equal("Pick up where you left off", html.QuerySelector("#resume")?.TextContent);
        Assert.Equal(["Text Editor"], html.QuerySelectorAll(".tool h3").Select(name => name.TextContent));
        Assert.Equal("Get more credits", html.QuerySelector("#balance-ways .btn")!.TextContent);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public async Task The_pace_is_foretold_from_the_fifth_day_of_use_on(int days, bool isTold)
    {
        var user = await app.GivenUserAsync();
        foreach (var at in new[] { app.Clock.GetUtcNow().AddDays(-days), app.Clock.GetUtcNow() })
            await app.ExecuteAsync("SELECT consume_user_credits(ARRAY[@Id], ARRAY['text-editor'], ARRAY[@at::text], ARRAY[gen_random_uuid()], ARRAY[true], ARRAY[@at], @at)", new { user.Id, at });

        var html = await app.SignedInAs(user).GetPageAsync("/dashboard");

        Assert.Equal(isTold, html.QuerySelector("#pace")!.TextContent.Contains("At this pace", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_day_of_the_chart_begins_at_midnight_where_the_person_is()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        browser.Jar[Aurion.Web.Infrastructure.Zone.CookieName] = "Pacific/Kiritimati";
        var local = TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Pacific/Kiritimati"));
        var midnight = local - local.TimeOfDay;
        foreach (var at in new[] { midnight.AddSeconds(-1).ToUniversalTime(), midnight.AddSeconds(1).ToUniversalTime() })
            await app.ExecuteAsync("SELECT consume_user_credits(ARRAY[@Id], ARRAY['text-editor'], ARRAY[@at::text], ARRAY[gen_random_uuid()], ARRAY[true], ARRAY[@at], @at)", new { user.Id, at });

        var days = (await browser.GetPageAsync("/dashboard")).QuerySelectorAll("#usage-days td").Select(day => int.Parse(day.TextContent, null)).ToList();

        Assert.Equal((5, 5), (days[^2], days[^1]));
    }

    [Fact]
    public async Task A_plan_that_ends_says_when_and_what_comes_then()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'plus', credits_monthly = 5000, cancel_at_period_end = true WHERE user_id = @Id", new { user.Id });

        var html = await app.SignedInAs(user).GetPageAsync("/dashboard");

        Assert.Contains("you then have 100 credits a month", html.QuerySelector("#pace")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chart_and_its_table_show_what_was_used_and_not_what_was_given_back()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        await browser.PostFormAsync("/tools/text-editor");
        await browser.PostFormAsync("/tools/ai-agents");
        await app.ExecuteAsync("""
            SELECT refund_user_credits(user_id, operation_id, 'provider_failed') FROM usage_logs WHERE user_id = @Id AND action_type = 'launch_tool_ai-agents'
            """, new { user.Id });

        var html = await browser.GetPageAsync("/dashboard");

        var days = html.QuerySelectorAll("#usage-days td").Select(day => int.Parse(day.TextContent, null)).ToList();
        Assert.Equal(30, days.Count);
        Assert.Equal((5, 5), (days[^1], days.Sum()));
        Assert.Single(html.QuerySelectorAll(".chart .bar"));
        Assert.StartsWith("5 credits in all", html.QuerySelector(".chart desc")?.TextContent, StringComparison.Ordinal);
        Assert.Equal("Credits used each day, last 30 days", html.QuerySelector(".chart > title")?.TextContent);
    }

    [Fact]
    public async Task The_chart_has_the_last_thirty_days_of_a_long_life_whole_and_nothing_older()
    {
        var user = await app.GivenUserAsync();
        foreach (var (tool, daysAgo) in new[] { ("code-editor", 60), ("code-editor", 30), ("text-editor", 29), ("text-editor", 10), ("text-editor", 0) })
            await app.ExecuteAsync("""
                SELECT consume_user_credits(ARRAY[@Id], ARRAY[@tool], ARRAY[@operation], ARRAY[gen_random_uuid()], ARRAY[true], ARRAY[@at::timestamptz], @at)
                """, new { user.Id, tool, operation = $"{daysAgo} days ago", at = app.Clock.GetUtcNow().AddDays(-daysAgo) });

        var days = (await app.SignedInAs(user).GetPageAsync("/dashboard")).QuerySelectorAll("#usage-days td").Select(day => int.Parse(day.TextContent, null)).ToList();

        Assert.Equal((5, 5, 5, 15), (days[0], days[19], days[29], days.Sum()));
    }

    [Fact]
    public async Task The_tools_used_last_are_first_and_open_ones_say_so()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());
        await browser.PostFormAsync("/tools/code-editor");
        await app.ExecuteAsync("UPDATE tool_sessions SET ended_at = created_at");
        await browser.PostFormAsync("/tools/text-editor");

        var tools = (await browser.GetPageAsync("/dashboard")).QuerySelectorAll(".tool");

        Assert.Equal([("Text Editor", "open"), ("Code Editor", null)], tools.Select(tool => (tool.QuerySelector("h3")?.TextContent, tool.QuerySelector(".tag.ok")?.TextContent)));
    }

    [Fact]
    public async Task The_latest_movements_are_listed_with_their_sign_and_lead_to_their_receipts()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync());
        await browser.PostFormAsync("/tools/app-builder");

        var row = (await browser.GetPageAsync("/dashboard")).QuerySelector<IHtmlTableElement>("#movements")!.Bodies[0].Rows[0];

        Assert.Equal(["just now", "App Builder launched", "\u221250", "50"], row.Cells.Select(cell => cell.TextContent.Trim()));
        Assert.Equal("/credits/2", row.QuerySelector("a")?.GetAttribute("href"));
    }

    [Fact]
    public async Task Every_signed_in_page_has_the_balance_though_it_reads_nothing_of_it_itself()
    {
        var html = await app.SignedInAs(await app.GivenUserAsync(credits: 70)).GetPageAsync("/credits/1");

        Assert.Equal("70", html.QuerySelector(".pill [data-balance=available]")?.TextContent);
    }

    [Fact]
    public async Task Nobody_signed_in_is_led_to_the_sign_in()
    {
        var response = await app.Anonymous().GetAsync("/dashboard");

        Assert.StartsWith("/account/sign-in", response.Headers.Location?.PathAndQuery() ?? "", StringComparison.Ordinal);
    }
}

file static class UriExtensions
{
    public static string PathAndQuery(this Uri uri) => uri.IsAbsoluteUri ? uri.PathAndQuery : uri.OriginalString;
}
