using System.Net;
using Aurion.Data.Credits;
using Aurion.Web.Tests.Account;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Admin;

/// <summary>Credits that an administrator gives or takes: never without a reason, never twice, never below zero, and always in the books.</summary>
public sealed class AdjustTests(AdminApp app) : IClassFixture<AdminApp>
{
    [Theory]
    [InlineData("200", 200, 300)]
    [InlineData("+1 000", 1_000, 1_100)]
    [InlineData("1,000", 1_000, 1_100)]
    [InlineData("-30", -30, 70)]
    [InlineData("−100", -100, 0)]
    public async Task It_is_shown_before_it_is_done_and_its_owner_reads_why(string typed, int change, int then)
    {
        var user = await app.GivenUserAsync();
        var admin = await app.AdminAsync();

        var preview = await PostAsync(admin, user, typed, "for the outage of Monday");
        Assert.Equal(HttpStatusCode.OK, preview.StatusCode);
        var shown = await preview.ReadHtmlAsync();
        Assert.Equal(["100", $"{change:+#,0;−#,0}", $"{then:#,0}", "for the outage of Monday"], shown.QuerySelectorAll("main dd").Select(dd => dd.TextContent));
        Assert.Equal(100, await BalanceAsync(user));
        (await PostAsync(admin, user, typed, "for the outage of Monday", step: "apply")).AssertGoesTo($"/admin/users/{user.Id}");

        Assert.Equal(then, await BalanceAsync(user));
        var page = await app.SignedInAs(user).GetPageAsync("/credits");
        var receipt = await app.SignedInAs(user).GetPageAsync(page.QuerySelector("main tbody a")!.GetAttribute("href")!);
        Assert.Contains("for the outage of Monday", receipt.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("the Aurion team", receipt.Body.TextContent, StringComparison.Ordinal);
        Assert.Empty(await app.FaultsAsync());
    }

    [Fact]
    public async Task Credits_that_were_given_stay_when_the_period_ends_and_are_taken_after_the_plans()
    {
        var user = await app.GivenUserAsync();
        var adjustments = app.Service<AdjustmentStore>();
        await adjustments.AdjustAsync(user.Id, 500, "a gift", user.Id, NewId());
        Assert.Equal(450, (await adjustments.AdjustAsync(user.Id, -150, "a mistake", user.Id, NewId())).Available);
        Assert.Equal("100 of 100, 450", await app.ScalarAsync<string>("SELECT used_credits || ' of ' || total_credits || ', ' || bonus_credits FROM user_credits WHERE user_id = @Id", new { user.Id }));
        app.Clock.Advance(TimeSpan.FromDays(40));
        await app.ExecuteAsync("SELECT reset_monthly_credits(@now)", new { now = app.Clock.GetUtcNow() });

        Assert.Equal(550, await BalanceAsync(user));
        Assert.Empty(await app.FaultsAsync());
    }

    [Theory]
    [InlineData("", "for a reason", "Input.Credits")]
    [InlineData("0", "for a reason", "Input.Credits")]
    [InlineData("many", "for a reason", "Input.Credits")]
    [InlineData("1.5", "for a reason", "Input.Credits")]
    [InlineData("1000001", "for a reason", "Input.Credits")]
    [InlineData("99999999999999", "for a reason", "Input.Credits")]
    [InlineData("-101", "for a reason", "Input.Credits")]
    [InlineData("50", "", "Input.Reason")]
    [InlineData("50", "   ", "Input.Reason")]
    public async Task What_cannot_be_is_said_beside_its_field_and_changes_nothing(string credits, string reason, string field)
    {
        var user = await app.GivenUserAsync();
        foreach (var step in new[] { "", "apply" })
        {
            var answer = await PostAsync(await app.AdminAsync(), user, credits, reason, step);

            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.NotNull((await answer.ReadHtmlAsync()).ErrorOf(field));
        }
        Assert.Equal(100, await BalanceAsync(user));
    }

    [Fact]
    public async Task However_often_a_form_is_sent_it_counts_once_and_never_for_something_else()
    {
        var user = await app.GivenUserAsync();
        var (admin, operation) = (await app.AdminAsync(), NewId());
        var token = await admin.FormTokenAsync($"/admin/users/{user.Id}/adjust");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => admin.SendFormAsync($"/admin/users/{user.Id}/adjust",
            [new("Input.Credits", "70"), new("Input.Reason", "once"), new("Input.Operation", operation.ToString()), new("Input.Step", "apply"), new("__RequestVerificationToken", token)])));

        Assert.All(answers, answer => answer.AssertGoesTo($"/admin/users/{user.Id}"));
        Assert.Equal(170, await BalanceAsync(user));
        var other = await PostAsync(admin, user, "71", "once", "apply", operation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.StartsWith("This form was already submitted", (await other.ReadHtmlAsync()).Refusal());
        Assert.Equal(170, await BalanceAsync(user));
        Assert.Empty(await app.FaultsAsync());
    }

    [Fact]
    public async Task Many_who_take_at_once_take_no_more_than_there_is()
    {
        var user = await app.GivenUserAsync();
        var adjustments = app.Service<AdjustmentStore>();
        await adjustments.AdjustAsync(user.Id, 50, "a gift", user.Id, NewId());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => adjustments.AdjustAsync(user.Id, -10, "a race", user.Id, NewId())));

        Assert.Equal(15, outcomes.Count(outcome => outcome.Outcome == "ADJUSTED"));
        Assert.Equal(49, outcomes.Count(outcome => outcome.Outcome == "INSUFFICIENT_CREDITS"));
        Assert.Equal(0, await BalanceAsync(user));
        Assert.Empty(await app.FaultsAsync());
    }

    private Guid NewId() => Guid.CreateVersion7(app.Clock.GetUtcNow());

    private Task<int> BalanceAsync(TestUser user) =>
        app.ScalarAsync<int>("SELECT total_credits - used_credits + bonus_credits FROM user_credits WHERE user_id = @Id", new { user.Id });

    private async Task<HttpResponseMessage> PostAsync(TestClient admin, TestUser user, string credits, string reason, string step = "", Guid? operation = null) =>
        await admin.PostAsync($"/admin/users/{user.Id}/adjust",
            ("Input.Credits", credits), ("Input.Reason", reason), ("Input.Step", step), ("Input.Operation", (operation ?? NewId()).ToString()));
}
