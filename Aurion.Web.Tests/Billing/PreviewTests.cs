using Aurion.Web.Billing;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>
/// Every ordered pair of the eight prices on the first, a middle and the last day of what was paid: the money and the credits that
/// were shown are the money that is taken and the credits that are there.
/// </summary>
public sealed class PreviewTests(PreviewTests.App app) : IClassFixture<PreviewTests.App>
{
    private static readonly string[] Plans = ["starter", "plus", "pro", "enterprise"];

    [Theory]
    [InlineData("month", 0.0)]
    [InlineData("month", 0.5)]
    [InlineData("month", 1.0)]
    [InlineData("year", 0.0)]
    [InlineData("year", 0.5)]
    [InlineData("year", 1.0)]
    public async Task What_is_shown_before_a_change_is_what_happens(string interval, double share)
    {
        // Everybody pays in the same second, so that everybody's days are the same.
        app.Clock.StopAt(DateTimeOffset.FromUnixTimeSeconds(app.Clock.GetUtcNow().ToUnixTimeSeconds()));
        var changes = new List<Change>();
        foreach (var from in Plans)
        {
            foreach (var (to, toInterval) in Plans.SelectMany(plan => new[] { (plan, "month"), (plan, "year") }).Where(target => target != (from, interval)))
            {
                changes.Add(new Change(await app.GivenPayerAsync(from, interval), from, to, toInterval, IsNow(from, interval, to, toInterval)));
                Assert.Equal("LAUNCHED", await app.SpendAsync(changes[^1].User));
            }
        }
        var account = await app.AccountAsync(changes[0].User);
        var end = interval == "year" ? account.Starts.AddYears(1) : account.Ends;
        await app.AdvanceAsync(((end - account.Starts) * share) - (share > 0.5 ? TimeSpan.FromHours(12) : TimeSpan.FromMinutes(-1)));

        // What the year has refilled meanwhile is refilled, and some of it spent.
        await app.Service<RefillCreditsJob>().RunAsync(CancellationToken.None);
        foreach (var change in changes)
            Assert.Equal("LAUNCHED", await app.SpendAsync(change.User));
        foreach (var change in changes)
            await app.ChangeAsync(change);
        foreach (var change in changes.Where(change => change.Shown!.IsNow))
            await app.EndAsync(change.User);

        var later = changes.Where(change => !change.Shown!.IsNow).ToList();
        Assert.All(later, change => Assert.Equal(end, change.Shown!.EffectiveAt.UtcDateTime));
        await app.AdvanceAsync(end - app.Clock.GetUtcNow().UtcDateTime + TimeSpan.FromMinutes(10));
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        foreach (var change in later)
        {
            var after = await app.AccountAsync(change.User);
            Assert.Equal((change, change.To, change.Shown!.CreditsMonthly, 0, change.Shown.NextCents),
                (change, after.Plan, after.Total, after.Used, await app.LastPaidAsync(change.User)));
            await app.EndAsync(change.User);
        }
    }

    /// <summary>More for the same time, or a year of at least as much, begins at once; everything else when the paid time ends.</summary>
    private static bool IsNow(string from, string interval, string to, string toInterval) => (interval, toInterval) switch
    {
        ("month", "month") or ("year", "year") => Array.IndexOf(Plans, to) > Array.IndexOf(Plans, from),
        ("month", "year") => Array.IndexOf(Plans, to) >= Array.IndexOf(Plans, from),
        _ => false,
    };

    public sealed record Change(TestUser User, string From, string To, string ToInterval, bool IsNow)
    {
        public ChangePreview? Shown { get; set; }
    }

    public sealed class App : PayerApp
    {
        /// <summary>Previews and confirms; at once or planned, money and credits must be those that were shown.</summary>
        public async Task ChangeAsync(Change change)
        {
            var (changer, before) = (Service<PlanChanges>(), await AccountAsync(change.User));
            var paid = await PaidAsync(change.User);
            var shown = Assert.IsType<ChangeResult.Previewed>(await changer.PreviewAsync(change.User.Id, change.To, change.ToInterval, CancellationToken.None)).Preview;
            change.Shown = shown;
            Assert.Equal((change, change.IsNow), (change, shown.IsNow));
            // A person reads before pressing; what was shown then is what is billed.
            Clock.Advance(TimeSpan.FromSeconds(20));
            var result = await changer.ChangeAsync(change.User.Id,
                new PlanChange(change.To, change.ToInterval, shown.At, shown.DueCents, shown.CreditsAfter, Guid.CreateVersion7(Clock.GetUtcNow())), CancellationToken.None);
            await SettleAsync();

            var after = await AccountAsync(change.User);
            Assert.IsType(shown.IsNow ? typeof(ChangeResult.Changed) : typeof(ChangeResult.Planned), result);
            Assert.Equal((change, shown.DueCents, shown.CreditsAfter), (change, await PaidAsync(change.User) - paid, after.Total - after.Used + after.Bonus));
            Assert.Equal(shown.CreditsBefore, before.Total - before.Used + before.Bonus);
            Assert.Equal((shown.IsNow ? change.To : change.From, shown.IsNow ? shown.CreditsMonthly : before.Monthly), (after.Plan, after.Monthly));
        }

        public Task<int> PaidAsync(TestUser user) => ScalarAsync<int>("SELECT coalesce(sum(amount_paid), 0)::int FROM stripe_invoices WHERE user_id = @Id", new { user.Id });

        public Task<int> LastPaidAsync(TestUser user) =>
            ScalarAsync<int>("SELECT amount_paid FROM stripe_invoices WHERE user_id = @Id ORDER BY created_at DESC, read_seq DESC LIMIT 1", new { user.Id });
    }
}
