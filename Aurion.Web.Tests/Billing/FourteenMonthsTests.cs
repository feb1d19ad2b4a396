namespace Aurion.Web.Tests.Billing;

[Collection(nameof(FourteenMonths))]
public sealed class FourteenMonthsTests(FourteenMonths life)
{
    [Fact]
    public void Every_date_and_every_balance_of_fourteen_months_is_right()
    {
        Assert.Equal("""
            2028-01-31 10:00  signed up, one launch     free     active      100    50  2028-01-31 10:00 – 2028-02-29 10:00
            2028-01-31 10:30  buys Starter              starter  active     1000     0  2028-01-31 10:30 – 2028-02-29 10:30
            2028-02-10 10:30  two launches              starter  active     1000   100  2028-01-31 10:30 – 2028-02-29 10:30
            2028-02-29 11:30  renewal                   starter  active     1000     0  2028-02-29 10:30 – 2028-03-31 10:30
            2028-03-08 10:30  a launch                  starter  active     1000    50  2028-02-29 10:30 – 2028-03-31 10:30
            2028-03-15 10:30  changes to Plus           plus     active     5000     0  2028-03-15 10:30 – 2028-04-15 10:30
            2028-03-20 10:30  a launch                  plus     active     5000    50  2028-03-15 10:30 – 2028-04-15 10:30
            2028-04-15 11:30  renewal                   plus     active     5000     0  2028-04-15 10:30 – 2028-05-15 10:30
            2028-04-20 10:30  $10 of $29 go back        plus     active     3276     0  2028-04-15 10:30 – 2028-05-15 10:30
            2028-04-25 10:30  another $9 go back        plus     active     1725     0  2028-04-15 10:30 – 2028-05-15 10:30
            2028-05-15 11:30  renewal                   plus     active     5000     0  2028-05-15 10:30 – 2028-06-15 10:30
            2028-05-20 10:30  changes to Pro            pro      active    25000     0  2028-05-20 10:30 – 2028-06-20 10:30
            2028-05-25 10:30  three launches            pro      active    25000   150  2028-05-20 10:30 – 2028-06-20 10:30
            2028-06-20 11:30  renewal                   pro      active    25000     0  2028-06-20 10:30 – 2028-07-20 10:30
            2028-06-25 10:30  will be Starter           pro      active    25000     0  2028-06-20 10:30 – 2028-07-20 10:30
            2028-07-20 11:30  renewal                   starter  active     1000     0  2028-07-20 10:30 – 2028-08-20 10:30
            2028-07-24 10:30  cancels                   starter  active     1000     0  2028-07-20 10:30 – 2028-08-20 10:30
            2028-07-28 10:30  resumes                   starter  active     1000     0  2028-07-20 10:30 – 2028-08-20 10:30
            2028-08-02 10:30  a card that will fail     starter  active     1000     0  2028-07-20 10:30 – 2028-08-20 10:30
            2028-08-20 11:30  renewal                   starter  past_due   1000     0  2028-07-20 10:30 – 2028-08-20 10:30
            2028-08-23 11:30  the second attempt fails  starter  past_due   1000     0  2028-07-20 10:30 – 2028-08-20 10:30
            2028-08-25 10:30  pays with a good card     starter  active     1000     0  2028-08-20 10:30 – 2028-09-20 10:30
            2028-09-05 10:30  a launch                  starter  active     1000    50  2028-08-20 10:30 – 2028-09-20 10:30
            2028-09-20 11:30  renewal                   starter  active     1000     0  2028-09-20 10:30 – 2028-10-20 10:30
            2028-10-01 10:30  changes to Pro            pro      active    25000     0  2028-10-01 10:30 – 2028-11-01 10:30
            2028-11-01 11:30  renewal                   pro      active    25000     0  2028-11-01 10:30 – 2028-12-01 10:30
            2028-12-01 11:30  renewal                   pro      active    25000     0  2028-12-01 10:30 – 2029-01-01 10:30
            2028-12-12 10:30  will be Plus              pro      active    25000     0  2028-12-01 10:30 – 2029-01-01 10:30
            2029-01-01 11:30  renewal                   plus     active     5000     0  2029-01-01 10:30 – 2029-02-01 10:30
            2029-02-01 11:30  renewal                   plus     active     5000     0  2029-02-01 10:30 – 2029-03-01 10:30
            2029-02-10 10:30  twenty launches           plus     active     5000  1000  2029-02-01 10:30 – 2029-03-01 10:30
            2029-02-20 10:30  half of $29 goes back     plus     active     2500  1000  2029-02-01 10:30 – 2029-03-01 10:30
            2029-03-01 11:30  renewal                   plus     active     5000     0  2029-03-01 10:30 – 2029-04-01 10:30
            2029-03-10 10:30  cancels for good          plus     active     5000     0  2029-03-01 10:30 – 2029-04-01 10:30
            2029-04-01 10:30  the end                   free     active      100     0  2029-03-31 10:00 – 2029-04-30 10:00
            2029-04-10 10:30  ten days later            free     active      100     0  2029-03-31 10:00 – 2029-04-30 10:00
            """.ReplaceLineEndings("\n"), string.Join('\n', life.Seen));
        Assert.InRange(life.Took, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    // An upgrade is paid in full, and its day is the day of the renewals from then on.
    [Fact]
    public async Task The_money_of_fourteen_months_is_right_to_the_cent() => Assert.Equal("""
        2028-01-31 900
        2028-02-29 900
        2028-03-15 2900
        2028-04-15 2900 -1900
        2028-05-15 2900
        2028-05-20 9900
        2028-06-20 9900
        2028-07-20 900
        2028-08-20 900
        2028-09-20 900
        2028-10-01 9900
        2028-11-01 9900
        2028-12-01 9900
        2029-01-01 2900
        2029-02-01 2900 -1450
        2029-03-01 2900
        """.ReplaceLineEndings("\n"), await life.ScalarAsync<string>("""
        SELECT string_agg(to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') || ' ' || amount_paid || CASE WHEN amount_refunded > 0 THEN ' -' || amount_refunded ELSE '' END, E'\n' ORDER BY created_at, invoice_id)
          FROM stripe_invoices WHERE user_id = @Id
        """, new { life.Person.Id }));

    [Fact]
    public async Task Delivered_again_into_a_fresh_database_the_life_ends_in_the_same_books()
    {
        var lived = Assert.Single(await life.SeenAsync([life.Person.Id]));
        await using var fresh = await ReplayApp.StartAsync(life, copies: 1);
        var spends = life.Spends.ToLookup(s => s.At, s => s.Operation);
        foreach (var moment in life.Recording.Moments)
        {
            fresh.Clock.StopAt(moment.At);
            foreach (var operation in spends[moment.At])
                await fresh.LaunchAsync(fresh.People, operation);
            await fresh.DeliverAsync(moment.Events.Select(e => fresh.EventFor(0, e)));
        }
        Books.AssertSame(lived, await fresh.SeenAsync());
    }

    [Fact]
    public async Task Delivered_all_at_once_after_the_end_it_ends_in_what_Stripe_decided()
    {
        var lived = Assert.Single(await life.SeenAsync([life.Person.Id], Detail.Decided));
        await using var fresh = await ReplayApp.StartAsync(life, copies: 1);
        fresh.Clock.StopAt(life.Recording.Moments[^1].At);
        await fresh.DeliverAsync(life.Recording.Moments.SelectMany(moment => moment.Events).Select(e => fresh.EventFor(0, e)));
        Books.AssertSame(lived, await fresh.SeenAsync(Detail.Decided));
    }

    /// <summary>Two days from an hour before a change, a renewal, a late payment, the end, and launches, with events coming all the while.</summary>
    [Fact]
    public async Task With_Stripe_away_for_two_days_again_and_again_nobody_is_refused_and_the_books_are_the_same()
    {
        DateTimeOffset[] away = [.. new[] { "2028-02-09", "2028-03-07", "2028-03-15", "2028-04-15", "2028-08-25", "2028-10-01", "2029-04-01" }
            .Select(day => DateTimeOffset.Parse($"{day}T09:30:00Z", System.Globalization.CultureInfo.InvariantCulture))];
        var lived = Assert.Single(await life.SeenAsync([life.Person.Id]));
        await using var fresh = await ReplayApp.StartAsync(life, copies: 1);
        fresh.IsAway = now => away.Any(from => from <= now && now < from.AddDays(2));
        var moments = life.Recording.Moments.ToLookup(m => m.At);
        var spends = life.Spends.ToLookup(s => s.At, s => s.Operation);
        foreach (var time in moments.Select(m => m.Key).Concat(away.SelectMany(from => new[] { 12, 24, 36, 49, 50 }.Select(hours => from.AddHours(hours)))).Distinct().Order())
        {
            fresh.Clock.StopAt(time);
            foreach (var operation in spends[time])
                Assert.Equal(["LAUNCHED"], await fresh.LaunchAsync(fresh.People, operation));
            await fresh.DeliverAsync(moments[time].SelectMany(m => m.Events).Select(e => fresh.EventFor(0, e)));
        }
        Books.AssertSame(lived, await fresh.SeenAsync());
    }
}
