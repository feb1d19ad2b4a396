using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;
using Aurion.Web.Tests.Tools;
using Aurion.Web.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Credits;

/// <summary>The caps that a person sets for their own account: every way to spend stops there, to the credit, and says until when.</summary>
public sealed class SpendingCapTests(ToolApp app) : IClassFixture<ToolApp>
{
    [Fact]
    public async Task Two_hundred_launches_at_once_stop_exactly_at_the_cap()
    {
        var user = await GivenAsync(daily: 150);
        var launcher = app.Services.GetRequiredService<ToolLauncher>();

        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(() =>
            launcher.LaunchAsync(user.Id, null, "text-editor", $"cap-{n}", newSession: true, CancellationToken.None))));

        Assert.Equal((30, 170), (results.OfType<LaunchResult.Launched>().Count(), results.OfType<LaunchResult.CapReached>().Count()));
        Assert.Equal(4_850, await app.SpendableAsync(user));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task Two_hundred_runs_at_once_stop_exactly_at_the_cap()
    {
        var user = await GivenAsync(monthly: 60);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => app.HoldAsync(user))));

        Assert.Equal((60, 140), (outcomes.Count(o => o.Outcome.Outcome == "HELD"), outcomes.Count(o => o.Outcome.Outcome == "MONTHLY_CAP")));
        Assert.Equal(60, await app.HeldAsync(user));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task Launches_and_runs_at_once_share_one_cap()
    {
        var user = await GivenAsync(daily: 137);
        var launcher = app.Services.GetRequiredService<ToolLauncher>();

        var launches = Enumerable.Range(0, 100).Select(n => Task.Run(async () =>
            await launcher.LaunchAsync(user.Id, null, "text-editor", $"both-{n}", newSession: true, CancellationToken.None) is LaunchResult.Launched ? 5 : 0));
        var runs = Enumerable.Range(0, 100).Select(_ => Task.Run(async () => (await app.HoldAsync(user)).Outcome.Outcome == "HELD" ? 1 : 0));
        var taken = await Task.WhenAll(launches.Concat(runs));

        Assert.InRange(taken.Sum(), 133, 137);
        Assert.Equal(5_000 - taken.Sum(), await app.SpendableAsync(user));
    }

    [Fact]
    public async Task A_day_is_one_of_the_persons_zone_and_has_23_hours_when_the_clocks_go_forward()
    {
        var user = await GivenAsync(daily: 5, zone: "America/New_York");
        app.Clock.StopAt(Utc("2027-03-14T04:50:00"));
        Assert.Equal(200, (await LaunchAsync(user)).Status);

        app.Clock.StopAt(Utc("2027-03-14T05:00:00"));
        Assert.Equal(200, (await LaunchAsync(user)).Status);
        var (status, refused) = await LaunchAsync(user);
        Assert.Equal((403, "DAILY_CAP", 5, 0), (status, Text(refused, "code"), Number(refused, "required"), Number(refused, "available")));
        Assert.Equal(Utc("2027-03-15T04:00:00"), refused.GetProperty("endsAt").GetDateTimeOffset());

        app.Clock.StopAt(Utc("2027-03-15T03:59:59"));
        Assert.Equal(403, (await LaunchAsync(user)).Status);
        app.Clock.StopAt(Utc("2027-03-15T04:00:00"));
        Assert.Equal(200, (await LaunchAsync(user)).Status);
    }

    [Fact]
    public async Task A_month_ends_at_its_midnight_there_and_the_smaller_room_decides()
    {
        var user = await GivenAsync(daily: 10, monthly: 12, zone: "Europe/Paris");
        app.Clock.StopAt(Utc("2027-03-30T22:30:00"));
        Assert.Equal((200, 200), ((await LaunchAsync(user)).Status, (await LaunchAsync(user)).Status));
        Assert.Equal("DAILY_CAP", Text((await LaunchAsync(user)).Body, "code"));

        app.Clock.StopAt(Utc("2027-03-31T21:59:59"));
        await app.ExecuteAsync("UPDATE user_credits SET daily_cap = NULL WHERE user_id = @Id", user);
        var (_, refused) = await LaunchAsync(user);
        Assert.Equal(("MONTHLY_CAP", 2), (Text(refused, "code"), Number(refused, "available")));
        Assert.Equal(Utc("2027-03-31T22:00:00"), refused.GetProperty("endsAt").GetDateTimeOffset());

        app.Clock.StopAt(Utc("2027-03-31T22:00:00"));
        Assert.Equal(200, (await LaunchAsync(user)).Status);
    }

    [Fact]
    public async Task What_is_given_back_and_what_is_released_frees_the_cap_again()
    {
        var user = await GivenAsync(daily: 5);
        var launcher = app.Services.GetRequiredService<ToolLauncher>();
        var launched = Assert.IsType<LaunchResult.Launched>(await launcher.LaunchAsync(user.Id, null, "text-editor", null, newSession: true, CancellationToken.None));
        Assert.Equal("DAILY_CAP", (await app.HoldAsync(user)).Outcome.Outcome);

        Assert.Equal(5, await launcher.RefundSilentAsync(user.Id, launched.SessionId, CancellationToken.None));
        var (run, held) = await app.HoldAsync(user);
        Assert.Equal("HELD", held.Outcome);
        Assert.Equal(4, Number((await LaunchAsync(user)).Body, "available"));
        await app.ReleaseAsync(user, run);

        Assert.Equal(200, (await LaunchAsync(user)).Status);
    }

    [Fact]
    public async Task A_cap_of_nothing_stops_every_way_to_spend_and_an_open_session_goes_on()
    {
        var user = await GivenAsync();
        var session = await app.LaunchAsync(user);
        await app.ExecuteAsync("UPDATE user_credits SET daily_cap = 0 WHERE user_id = @Id", user);

        var (status, refused) = await LaunchAsync(user, "app-builder");
        Assert.Equal((403, "DAILY_CAP", 0), (status, Text(refused, "code"), Number(refused, "available")));
        using var chat = await app.AskAsync(user, "Hello");
        Assert.Equal((HttpStatusCode.Forbidden, "DAILY_CAP"), (chat.StatusCode, Text(await chat.Content.ReadFromJsonAsync<JsonElement>(), "code")));
        var code = await app.SignedInAs(user).PostFormAsync("/chat/send", new { text = "A page", tool = "code-generation", language = "HTML" }, from: "/code");
        Assert.Equal(HttpStatusCode.Forbidden, code.StatusCode);
        var said = (await code.ReadHtmlAsync()).QuerySelector("[role=alert]")!;
        Assert.Contains("This costs 5 credits, and the daily limit that you set yourself has 0 left.", said.TextContent, StringComparison.Ordinal);
        Assert.Equal("/account/preferences#limits", said.QuerySelector("a")!.GetAttribute("href"));
        await app.ExecuteAsync("UPDATE tools SET included_calls = 0 WHERE tool_id = 'text-editor'");
        var (callStatus, call) = await session.CallAsync("It rained.", agreed: 1);
        await app.ExecuteAsync("UPDATE tools SET included_calls = 20 WHERE tool_id = 'text-editor'");
        Assert.Equal((403, "DAILY_CAP"), (callStatus, Text(call, "code")));

        Assert.Equal((200, true), (await LaunchAsync(user, again: false)) is var open ? (open.Status, open.Body.GetProperty("isReusedSession").GetBoolean()) : default);
        Assert.Equal((4_995, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
    }

    [Fact]
    public async Task The_launch_page_says_what_the_cap_has_left_until_when_and_where_to_change_it()
    {
        app.Clock.StopAt(Utc("2027-05-10T08:00:00"));
        var user = await GivenAsync(daily: 7);

        var answer = await app.SignedInAs(user).PostFormAsync("/tools/app-builder");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var page = await answer.ReadHtmlAsync();
        Assert.Contains("This costs 50 credits, and the daily limit that you set yourself has 7 left. It begins anew on May 11, 00:00 (UTC). You were not charged.",
            page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("iframe"));
        Assert.NotNull(page.QuerySelector("a[href='/account/preferences#limits']"));
    }

    // Somebody on a plan without limits of its own, with 5,000 credits.
    private async Task<TestUser> GivenAsync(int? daily = null, int? monthly = null, string? zone = null)
    {
        var user = await app.GivenUserAsync(5_000);
        await app.ExecuteAsync("""
            UPDATE user_plans SET plan_type = 'pro' WHERE user_id = @Id;
            UPDATE user_credits SET daily_cap = @daily, monthly_cap = @monthly WHERE user_id = @Id;
            UPDATE profiles SET time_zone = @zone WHERE id = @Id
            """, new { user.Id, daily, monthly, zone });
        return user;
    }

    private async Task<(int Status, JsonElement Body)> LaunchAsync(TestUser user, string toolId = "text-editor", bool again = true)
    {
        var launcher = await app.SignInAsync(user.Id, user.Email);
        var answer = await app.WithToken(launcher).PostJsonAsync("/api/validate-tool-access", new { toolId, newSession = again });
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static DateTimeOffset Utc(string time) => DateTimeOffset.Parse(time + "Z", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();

    private static int Number(JsonElement body, string name) => body.GetProperty(name).GetInt32();
}
