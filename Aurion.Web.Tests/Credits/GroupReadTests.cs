using System.Globalization;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Credits;

/// <summary>Pages that are read together: each shows its own reader what is true after they asked, on every node.</summary>
public sealed class GroupReadTests(UnlimitedApp app) : IClassFixture<UnlimitedApp>
{
    private static readonly string[] Pages = ["/dashboard", "/tools", "/account"];

    [Fact]
    public async Task Each_of_a_crowd_is_shown_their_own()
    {
        var people = new List<(TestUser User, int Credits, string Favourite, string Open, string Name)>();
        for (var i = 0; i < 24; i++)
        {
            var (user, credits, favourite, open) = (await app.GivenUserAsync(100 + i), 95 + i, i % 2 == 0 ? "ai-agents" : "app-builder", i % 3 == 0 ? "text-editor" : "content-generator");
            await LaunchAsync(user, open, 1, cost: 5);
            await app.ExecuteAsync("INSERT INTO tool_favourites VALUES (@Id, @favourite, now())", new { user.Id, favourite });
            await app.ExecuteAsync("UPDATE profiles SET full_name = @name WHERE id = @Id", new { user.Id, name = $"Person{i} Test" });
            people.Add((user, credits, favourite, open, $"Person{i}"));
        }

        await Task.WhenAll(people.Select(async person =>
        {
            var browser = app.SignedInAs(person.User);
            var (tools, dashboard, account) = (browser.GetPageAsync("/tools?show=favourites"), browser.GetPageAsync("/dashboard"), browser.GetPageAsync("/account"));
            Assert.All([AvailableOn(await tools), AvailableOn(await dashboard), AvailableOn(await account)], shown => Assert.Equal(person.Credits, shown));
            Assert.Equal([person.Favourite], (await tools).QuerySelectorAll("#catalogue [id^=tool-], #catalogue h2 a, #catalogue h3 a").Select(link => link.GetAttribute("href")?.Split('/')[^1]).OfType<string>().Distinct());
            Assert.Equal([$"/tools/{person.Open}"], (await dashboard).QuerySelectorAll(".tool h3 a").Select(link => link.GetAttribute("href")));
            Assert.Contains(person.Name, (await dashboard).Body!.TextContent, StringComparison.Ordinal);
            Assert.Single((await dashboard).QuerySelectorAll("#movements tbody tr a[href='/credits/1']"));
        }));
    }

    [Theory]
    [InlineData("UPDATE user_credits SET used_credits = used_credits + 7 WHERE user_id = @Id", "[data-balance=available]", "93")]
    [InlineData("UPDATE user_credits SET held_credits = 30 WHERE user_id = @Id", "[data-balance=available]", "70")]
    [InlineData("UPDATE user_credits SET frozen_at = now() - interval '1 hour' WHERE user_id = @Id", "[data-balance=available]", "0")]
    [InlineData("INSERT INTO credit_grants (user_id, id, source, source_ref, amount, remaining, effective_at) VALUES (@Id, gen_random_uuid(), 'test', 'a', 40, 40, now() - interval '1 day'); UPDATE user_credits SET bonus_credits = 40, ledger_seq = ledger_seq + 1 WHERE user_id = @Id", "[data-balance=available]", "140")]
    [InlineData("UPDATE user_plans SET plan_type = 'starter' WHERE user_id = @Id", "#side-plan strong", "Starter plan")]
    [InlineData("UPDATE user_plans SET credits_wait = true WHERE user_id = @Id", ".notice.warn strong", "Your free credits wait for you.")]
    public async Task A_change_by_whichever_way_is_on_every_page_of_every_node_at_once(string change, string place, string text)
    {
        await using var second = await SecondNode.StartAsync(app);
        var user = await app.GivenUserAsync(credits: 100);
        TestClient[] browsers = [app.SignedInAs(user), second.SignedInAs(user)];
        await Task.WhenAll(browsers.SelectMany(browser => Pages.Select(page => browser.GetPageAsync(page))));

        await app.ExecuteAsync(change, new { user.Id });

        foreach (var browser in browsers)
            foreach (var page in Pages)
                Assert.Equal(text, (await browser.GetPageAsync(page)).QuerySelector(place)?.TextContent);
    }

    [Fact]
    public async Task A_launch_a_favourite_and_the_end_of_a_session_show_at_the_other_node_at_once()
    {
        await using var second = await SecondNode.StartAsync(app);
        var user = await app.GivenUserAsync();
        var (here, there) = (app.SignedInAs(user), second.SignedInAs(user));
        Assert.Equal(100, AvailableOn(await there.GetPageAsync("/tools")));

        await here.PostFormAsync("/tools/app-builder");
        var launched = await there.GetPageAsync("/dashboard");
        Assert.Equal((50, "open"), (AvailableOn(launched), launched.QuerySelector(".tool .tag.ok")?.TextContent));

        await here.PostFormAsync("/tools/ai-agents/favourite", new { keep = "true" }, from: "/tools");
        Assert.NotNull((await there.GetPageAsync("/tools")).QuerySelector(".fav[aria-pressed=true]"));

        await app.ExecuteAsync("UPDATE tool_sessions SET ended_at = now() WHERE user_id = @Id", new { user.Id });
        Assert.Null((await there.GetPageAsync("/dashboard")).QuerySelector(".tool .tag.ok"));
    }

    [Fact]
    public async Task Time_alone_ends_a_grant_and_a_session()
    {
        await using var own = new UnlimitedApp();
        await own.InitializeAsync();
        var user = await own.GivenUserAsync(credits: 100);
        var now = own.Clock.GetUtcNow();
        await own.ExecuteAsync("""
            INSERT INTO credit_grants (user_id, id, source, source_ref, amount, remaining, effective_at, expires_at) VALUES (@Id, gen_random_uuid(), 'test', 'a', 40, 40, @now, @now + interval '1 hour');
            UPDATE user_credits SET bonus_credits = 40, ledger_seq = ledger_seq + 1 WHERE user_id = @Id;
            INSERT INTO tool_sessions (user_id, id, tool_id, operation_id, credits_consumed, created_at, expires_at) VALUES (@Id, gen_random_uuid(), 'text-editor', 'launch:a', 5, @now, @now + interval '1 hour')
            """, new { user.Id, now });
        var browser = own.SignedInAs(user);
        var before = await browser.GetPageAsync("/dashboard");
        Assert.Equal((140, "open"), (AvailableOn(before), before.QuerySelector(".tool .tag.ok")?.TextContent));

        own.Clock.Advance(TimeSpan.FromHours(1));

        var after = await browser.GetPageAsync("/dashboard");
        Assert.Equal((100, null), (AvailableOn(after), after.QuerySelector(".tool .tag.ok")?.TextContent));
    }

    [Fact]
    public async Task While_launches_storm_every_page_shows_what_was_committed_before_it_was_asked_for()
    {
        await using var second = await SecondNode.StartAsync(app);
        var user = await app.GivenUserAsync(credits: 10_000);
        TestClient[] browsers = [app.SignedInAs(user), second.SignedInAs(user)];
        var (begun, committed, stop) = (0, 0, false);
        var storm = Task.Run(async () =>
        {
            while (!Volatile.Read(ref stop) && committed < 1_500)
            {
                Interlocked.Increment(ref begun);
                await LaunchAsync(user, "text-editor", 1, cost: 5);
                Interlocked.Increment(ref committed);
            }
        });

        await Task.WhenAll(browsers.SelectMany(browser => Pages).Select((page, i) => Task.Run(async () =>
        {
            var last = int.MaxValue;
            for (var read = 0; read < 15; read++)
            {
                var before = Volatile.Read(ref committed);
                var shown = AvailableOn(await browsers[i % 2].GetPageAsync(page));
                var after = Volatile.Read(ref begun);
                Assert.InRange(shown, 10_000 - (5 * after), Math.Min(last, 10_000 - (5 * before)));
                last = shown;
            }
        })));

        Volatile.Write(ref stop, true);
        await storm;
        Assert.True(committed > 15, $"only {committed} launches beside the pages");
    }

    [Theory]
    [InlineData(299)]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(700)]
    public async Task A_dashboard_adds_up_however_many_movements_it_has(int launches)
    {
        var user = await app.GivenUserAsync(credits: 10_000);
        await LaunchAsync(user, "text-editor", launches, cost: 5);

        var html = await app.SignedInAs(user).GetPageAsync("/dashboard");

        Assert.Equal(5 * launches, html.QuerySelectorAll("#usage-days td").Sum(Number));
        Assert.Equal(10_000 - (5 * launches), AvailableOn(html));
    }

    private static int AvailableOn(IHtmlDocument html) => Number(html.QuerySelector("[data-balance=available]")!);

    private static int Number(AngleSharp.Dom.IElement place) => int.Parse(place.TextContent, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private async Task LaunchAsync(TestUser user, string tool, int times, int cost)
    {
        await app.ExecuteAsync("UPDATE tools SET cost = @cost WHERE tool_id = @tool AND cost <> @cost", new { tool, cost });
        var sessions = Enumerable.Range(0, times).Select(_ => Guid.CreateVersion7(app.Clock.GetUtcNow())).ToArray();
        // Whoever finds the account held asks again, as the web does.
        for (var left = times; left > 0;)
            left -= await app.ScalarAsync<int>("""
                SELECT count(*)::integer FROM consume_user_credits(array_fill(@Id, ARRAY[@times]), array_fill(@tool, ARRAY[@times]), @operations, @sessions,
                       array_fill(true, ARRAY[@times]), array_fill(@now::timestamptz, ARRAY[@times]), @now) WHERE outcome = 'LAUNCHED'
                """, new { user.Id, tool, times, operations = Array.ConvertAll(sessions, session => $"launch:{session}"), sessions, now = app.Clock.GetUtcNow() });
    }
}
