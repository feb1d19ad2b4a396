using System.Globalization;
using System.Net;
using Aurion.Data.Admin;
using Aurion.Web.Tests.Ai;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Admin;

/// <summary>What AI runs bring in and cost, recomputed from the raw rows.</summary>
public sealed class MarginTests(MarginTests.MarginApp app) : IClassFixture<MarginTests.MarginApp>
{
    [Fact]
    public async Task The_figures_are_those_of_the_raw_rows_and_a_loss_is_said_with_its_arithmetic()
    {
        var (free, plus) = (await app.GivenUserAsync(), await app.GivenUserAsync());
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'plus' WHERE user_id = @Id", new { plus.Id });
        foreach (var (user, cost) in new[] { (free, 60L), (plus, 400_000L), (plus, 700L), (plus, 1L) })
            await app.SettleAsync(user, (await app.HoldAsync(user)).Id, cost: cost);
        await app.ReleaseAsync(plus, (await app.HoldAsync(plus)).Id);
        // Another plan today changes nothing about what was earned yesterday.
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'free' WHERE user_id = @Id", new { plus.Id });

        var month = new DateTimeOffset(app.Clock.GetUtcNow().Year, app.Clock.GetUtcNow().Month, 1, 0, 0, 0, TimeSpan.Zero);
        var rows = await app.Services.GetRequiredService<MarginStore>().ListAsync(month, month.AddMonths(1));
        var raw = await app.QueryAsync<(string Plan, int Credits, long Cost, bool Settled)>("""
            SELECT h.plan_type, h.credits, coalesce(h.cost_microusd, 0), h.state = 'settled' FROM credit_holds h WHERE user_id = ANY (@ids)
            """, new { ids = new[] { free.Id, plus.Id } });

        var onPlus = Assert.Single(rows, row => row.Plan == "Plus");
        Assert.Equal((3, 1), (onPlus.Runs, onPlus.Failures));
        Assert.Equal(raw.Where(run => run.Plan == "plus").Sum(run => run.Credits), onPlus.Credits);
        Assert.Equal(400_701, onPlus.Cost);
        // $29 for 5,000 credits: 5,800 micro-dollars each.
        Assert.Equal(onPlus.Credits * 5_800L, onPlus.Revenue);
        Assert.Equal(0, Assert.Single(rows, row => row.Plan == "Free").Revenue);

        var page = await (await app.AdminAsync()).GetPageAsync("/admin/margin");
        var loss = string.Create(CultureInfo.InvariantCulture, $"\u2212${(onPlus.Cost - onPlus.Revenue) / 1_000_000m:N2}");
        Assert.Contains(loss, page.QuerySelector(".notice.warn")!.TextContent, StringComparison.Ordinal);
        var csv = await (await app.AdminAsync()).GetAsync("/admin/margin?handler=Csv");
        Assert.Contains($"Plus,3,1,0,{onPlus.Credits},", await csv.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty((await (await app.AdminAsync()).GetPageAsync("/admin/margin?period=last")).QuerySelectorAll("tbody tr"));
    }

    [Theory, InlineData("/admin"), InlineData("/admin/margin"), InlineData("/admin/margin?handler=Csv")]
    public async Task It_is_there_for_administrators_only(string address) =>
        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(await app.GivenUserAsync()).GetAsync(address)).StatusCode);

    public sealed class MarginApp : MeterApp
    {
        private TestUser? admin;

        /// <summary>The administrator's browser.</summary>
        public async Task<TestClient> AdminAsync() => SignedInAs(admin ??= await GivenUserAsync(email: "admin@test.example"));
    }
}
