using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aurion.Data.Admin;
using Aurion.Data.Billing;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Credits;

/// <summary>One formula says what may be spent, and every place that shows it shows its result.</summary>
public sealed partial class SpendableCreditsTests(AurionApp app) : IClassFixture<AurionApp>
{
    private const string Frozen = "UPDATE user_credits SET frozen_at = '2020-01-01' WHERE user_id = @Id";
    private const string FrozenLater = "UPDATE user_credits SET frozen_at = now() + interval '1 day' WHERE user_id = @Id";
    private const string PackExpired = "UPDATE credit_grants SET expires_at = now() - interval '1 second' WHERE user_id = @Id";
    private const string PackDisputed = "UPDATE credit_grants SET frozen_at = now() WHERE user_id = @Id";

    /// <summary>A launch takes 50 of 900 credits of the plan and 250 of a pack.</summary>
    [Theory]
    [InlineData(Frozen, 200)]
    [InlineData(FrozenLater, 1100)]
    [InlineData(PackExpired, 850)]
    [InlineData(PackDisputed, 850)]
    public async Task A_launch_its_session_and_every_page_say_the_same(string state, int left)
    {
        var user = await GivenAsync(900, 250, state);

        var launch = await AnswerAsync(await app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId = "app-builder" }));
        var session = await AnswerAsync(await app.Anonymous().PostJsonAsync("/api/validate-tool-session",
            new { sessionToken = launch.GetProperty("sessionToken").GetString(), toolId = "app-builder" }));
        var page = await app.SignedInAs(user).GetPageAsync("/dashboard");
        var live = await AnswerAsync(await app.SignedInAs(user).Http.GetAsync(new Uri("/live/balance", UriKind.Relative)));
        var listed = await app.Services.GetRequiredService<AccountListStore>().ListAsync(user.Email, before: null);

        Assert.Equal(left, launch.GetProperty("credits").GetProperty("remaining").GetInt32());
        Assert.Equal(left, session.GetProperty("credits").GetProperty("remaining").GetInt32());
        Assert.All(page.QuerySelectorAll("[data-balance=available]"), place => Assert.Equal($"{left}", place.GetAttribute("data-value")));
        Assert.Equal(left, live.GetProperty("available").GetInt32());
        Assert.Equal(left, Assert.Single(listed).Available);
    }

    [Fact]
    public async Task A_replay_previews_what_may_be_spent()
    {
        var user = await GivenAsync(900, 250, Frozen);
        await app.ExecuteAsync("INSERT INTO stripe_customers (user_id, customer_id, created_at) VALUES (@Id, 'cus_' || @Id, now())", user);

        var preview = await app.Services.GetRequiredService<BillingStore>().PreviewAsync($$"""{"customer_id":"cus_{{user.Id}}","invoices":[],"payments":[]}""", app.Clock.GetUtcNow());

        Assert.Equal(("UNCHANGED", 250), (preview.Outcome, preview.Available));
    }

    [Theory]
    [InlineData(900, 225, "")]
    [InlineData(900, 224, "low")]
    [InlineData(900, 1, "low")]
    [InlineData(900, 0, "out")]
    public async Task Low_is_less_than_a_quarter_of_the_plan_wherever_it_is_said(int total, int left, string state)
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("UPDATE user_credits SET total_credits = @total, used_credits = @total - @left WHERE user_id = @Id", new { user.Id, total, left });

        var page = await app.SignedInAs(user).GetPageAsync("/dashboard");
        var live = await AnswerAsync(await app.SignedInAs(user).Http.GetAsync(new Uri("/live/balance", UriKind.Relative)));

        Assert.Equal(state, page.QuerySelector("[data-balance-state]")!.GetAttribute("data-state"));
        Assert.Equal(state, page.QuerySelector("meter")!.GetAttribute("data-state") ?? "");
        Assert.Equal(state, live.GetProperty("state").GetString());
    }

    [Fact]
    public void Nobody_adds_the_parts_but_the_formula()
    {
        string[] formula = ["sql/functions/credits/spendable_credits.sql"];
        var code = Repository.Sources("Aurion.Web", ".cs", ".cshtml").Concat(Repository.Sources("Aurion.Data", ".cs")).Concat(Repository.Sources("wwwroot-src/js", ".js"));
        var sql = Repository.Sources("sql/functions", ".sql").Where(source => !formula.Contains(source.Path));

        Assert.Empty(code.Where(source => Sum().IsMatch(source.Text) || BonusAdded().IsMatch(source.Text)).Select(source => source.Path));
        Assert.Empty(sql.Where(source => BonusAdded().IsMatch(source.Text)).Select(source => source.Path));
        Assert.Matches(BonusAdded(), Repository.Read(formula[0]));
        Assert.Matches(Sum(), "c.total_credits - c.used_credits + c.bonus_credits");
        Assert.Matches(Sum(), "session.Total - session.Used + session.Bonus");
    }

    private async Task<TestUser> GivenAsync(int plan, int pack, string state)
    {
        var user = await app.GivenUserAsync(credits: plan);
        await app.ExecuteAsync("UPDATE user_credits SET bonus_credits = @pack WHERE user_id = @Id", new { user.Id, pack });
        await app.ExecuteAsync(state, new { user.Id });
        return user;
    }

    private static async Task<JsonElement> AnswerAsync(HttpResponseMessage response) =>
        (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>())!;

    [GeneratedRegex(@"(?i)\btotal(_credits)?\s*-\s*[\w.]*used(_credits)?\s*\)?\s*\+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sum();

    [GeneratedRegex(@"\+\s*(CASE WHEN [\w.]*bonus_credits\b[^\n]*)?(public\.)?spendable_bonus\(", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BonusAdded();
}
