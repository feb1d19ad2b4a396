using System.Net;
using Aurion.Web.Account.Notices;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

/// <summary>"Your week in credits": for whoever asks for it, once a week, on Monday morning where they are.</summary>
public sealed class WeekTests(MailApp app) : IClassFixture<MailApp>
{
    [Fact]
    public async Task On_Monday_at_seven_the_week_is_told_by_tool_with_what_is_left_and_what_renews_when()
    {
        var user = await GivenReaderAsync("UTC");
        await SpendAsync(user, "app-builder", "app-builder", "text-editor");

        ToMonday(TimeSpan.FromHours(6.9));
        Assert.Empty(await MailsAsync(user));
        app.Clock.Advance(TimeSpan.FromHours(0.2));

        var mail = Assert.Single(await MailsAsync(user));
        Assert.Equal("Your week in credits: 105 spent", mail.Subject);
        Assert.Matches(@"App Builder, 2 times \.{3,} 100\n.*\.{3,} 5\n-{56}\nSpent \.{3,} 105\n", mail.Text.ReplaceLineEndings("\n"));
        Assert.Matches(@"Left \.{3,} 195\b", mail.Text);
        Assert.Contains("Your plan gives new credits on ", mail.Text, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_off_until_it_is_switched_on_and_a_week_before_that_is_not_told()
    {
        var user = await app.GivenUserAsync(300);
        await SpendAsync(user, "text-editor");
        var browser = app.SignedInAs(user);
        Assert.Null((await browser.GetPageAsync("/account/preferences")).QuerySelector("#Input_Weekly[checked]"));
        ToMonday(TimeSpan.FromHours(8));
        Assert.Empty(await MailsAsync(user));

        browser = app.SignedInAs(await app.SignInAsync(user.Id, user.Email));
        (await browser.PostAsync("/account/preferences", ("Input.TimeZone", "UTC"), ("Input.Weekly", "true"))).AssertGoesTo("/account/preferences");
        Assert.NotNull((await browser.GetPageAsync("/account/preferences")).QuerySelector("#Input_Weekly[checked]"));
        Assert.Empty(await MailsAsync(user));

        await SpendAsync(user, "text-editor");
        ToMonday(TimeSpan.FromHours(8));
        Assert.Equal("Your week in credits: 5 spent", Assert.Single(await MailsAsync(user)).Subject);

        // Saved again, it tells no week twice.
        browser = app.SignedInAs(await app.SignInAsync(user.Id, user.Email));
        (await browser.PostAsync("/account/preferences", ("Input.TimeZone", "Pacific/Honolulu"), ("Input.Weekly", "true"))).AssertGoesTo("/account/preferences");
        app.Clock.Advance(TimeSpan.FromHours(12));
        Assert.Single(await MailsAsync(user));
    }

    [Fact]
    public async Task Monday_and_the_week_are_those_of_the_persons_own_zone()
    {
        var (auckland, honolulu) = (await GivenReaderAsync("Pacific/Auckland", "fr"), await GivenReaderAsync("Pacific/Honolulu"));
        ToMonday(TimeSpan.FromHours(-10.5));
        // Sunday evening in UTC: already Monday in Auckland, still Sunday in Honolulu.
        await SpendAsync(auckland, "text-editor");
        await SpendAsync(honolulu, "text-editor");

        ToMonday(TimeSpan.FromHours(12));
        Assert.Empty(await MailsAsync(auckland));
        Assert.Empty(await MailsAsync(honolulu));
        ToMonday(TimeSpan.FromHours(17.5));
        Assert.Single(await MailsAsync(honolulu));
        app.Clock.Advance(TimeSpan.FromDays(7));
        var mail = Assert.Single(await MailsAsync(auckland));
        Assert.Equal("Votre semaine en crédits\u00a0: dépense de 5", mail.Subject);
        Assert.Contains("<html lang=\"fr\">", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_week_without_use_and_credits_that_came_back_are_not_told()
    {
        var (idle, refunded) = (await GivenReaderAsync("UTC"), await GivenReaderAsync("UTC"));
        await SpendAsync(refunded, "text-editor");
        var operation = await app.ScalarAsync<string>("SELECT operation_id FROM usage_logs WHERE user_id = @Id AND delta < 0", refunded);
        await app.ExecuteAsync("SELECT refund_user_credits(@Id, @operation, 'tool failed', @now)", new { refunded.Id, operation, now = app.Clock.GetUtcNow() });
        Assert.Equal(300, await app.ScalarAsync<int>("SELECT spendable_credits(c, @now) FROM user_credits c WHERE c.user_id = @Id", new { refunded.Id, now = app.Clock.GetUtcNow() }));
        ToMonday(TimeSpan.FromHours(8));

        Assert.Empty(await MailsAsync(idle));
        Assert.Empty(await MailsAsync(refunded));
    }

    [Fact]
    public async Task Many_jobs_at_once_and_later_ones_tell_a_week_once()
    {
        var users = new List<TestUser>();
        for (var n = 0; n < 10; n++)
            users.Add(await GivenReaderAsync("Europe/Paris"));
        foreach (var user in users)
            await SpendAsync(user, "text-editor");
        ToMonday(TimeSpan.FromHours(8));

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => app.Service<WriteWeeksJob>().RunAsync(CancellationToken.None))));
        await app.ExecuteAsync("DELETE FROM mails WHERE user_id = @Id AND kind = 'week_in_credits'", users[0]);
        app.Clock.Advance(TimeSpan.FromDays(2));
        await app.Service<WriteWeeksJob>().RunAsync(CancellationToken.None);

        var counts = await app.QueryAsync<(Guid, long)>("SELECT user_id, count(*) FROM mails WHERE kind = 'week_in_credits' AND user_id = ANY (@ids) GROUP BY 1", new { ids = users.Select(user => user.Id).ToArray() });
        Assert.Equal(9, counts.Count);
        Assert.All(counts, count => Assert.Equal(1, count.Item2));
    }

    [Fact]
    public async Task A_job_that_comes_days_late_tells_the_last_week()
    {
        var user = await GivenReaderAsync("UTC");
        await SpendAsync(user, "text-editor");
        ToMonday(TimeSpan.FromHours(8));
        app.Clock.Advance(TimeSpan.FromDays(3));

        Assert.Equal("Your week in credits: 5 spent", Assert.Single(await MailsAsync(user)).Subject);
    }

    [Fact]
    public async Task A_row_that_cannot_be_served_and_a_zone_that_nobody_knows_do_not_stop_the_others()
    {
        var (broken, odd, other) = (await GivenReaderAsync("UTC"), await GivenReaderAsync("UTC"), await GivenReaderAsync("UTC"));
        foreach (var user in new[] { broken, odd, other })
            await SpendAsync(user, "text-editor");
        await app.ExecuteAsync($"""
            UPDATE profiles SET time_zone = 'Atlantis/Capital' WHERE id = '{odd.Id}';
            CREATE FUNCTION break_week() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''broken''; END';
            CREATE TRIGGER break_week BEFORE INSERT ON mails FOR EACH ROW WHEN (NEW.user_id = '{broken.Id}' AND NEW.kind = 'week_in_credits') EXECUTE FUNCTION break_week()
            """);
        try
        {
            ToMonday(TimeSpan.FromHours(8));

            Assert.Single(await MailsAsync(other));
            Assert.Single(await MailsAsync(odd));
            Assert.Empty(await MailsAsync(broken));
            Assert.Equal(1, await app.ScalarAsync<long>("SELECT count(*) FROM job_failures WHERE job = 'WriteWeeksJob' AND subject LIKE @like", new { like = $"%{broken.Id}%" }));
        }
        finally
        {
            await app.ExecuteAsync("DROP TRIGGER break_week ON mails");
        }
        // Its week is not lost.
        Assert.Single(await MailsAsync(broken));
    }

    [Fact]
    public async Task One_click_stops_the_week_and_nothing_else()
    {
        var user = await GivenReaderAsync("UTC");
        await SpendAsync(user, "text-editor");
        ToMonday(TimeSpan.FromHours(8));
        var mail = Assert.Single(await MailsAsync(user));
        var link = new Uri(mail.Links.Single(found => found.Contains("/account/unsubscribe?token=", StringComparison.Ordinal))).PathAndQuery;
        var raw = (await app.RawAsync(user.Email)).Single(found => found.Contains("Subject: Your week in credits", StringComparison.Ordinal));
        Assert.Contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click", raw, StringComparison.Ordinal);

        Assert.Contains("We stop telling you each Monday", (await app.Anonymous().GetPageAsync(link)).Body!.TextContent, StringComparison.Ordinal);
        Assert.True(await app.ScalarAsync<bool>("SELECT weekly FROM notification_settings WHERE user_id = @Id", user));
        await app.ExecuteAsync("INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at) VALUES (@Id, 'a', 'week_in_credits', '{}', @now, @now), (@Id, 'b', 'credits_out', '{}', @now, @now)", new { user.Id, now = app.Clock.GetUtcNow() });
        Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().PostTextAsync(link, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")).StatusCode);

        Assert.Equal((false, true), Assert.Single(await app.QueryAsync<(bool, bool)>("SELECT weekly, by_mail FROM notification_settings WHERE user_id = @Id", user)));
        Assert.Equal(["failed", "waiting"], await app.QueryAsync<string>("SELECT state FROM mails WHERE user_id = @Id AND source_ref IN ('a', 'b') ORDER BY source_ref", user));
        await app.ExecuteAsync("DELETE FROM mails WHERE user_id = @Id AND source_ref IN ('a', 'b')", user);
        await SpendAsync(user, "text-editor");
        app.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Single(await MailsAsync(user));
    }

    [Fact]
    public async Task Whoever_is_leaving_is_not_told()
    {
        var user = await GivenReaderAsync("UTC");
        await SpendAsync(user, "text-editor");
        await app.ExecuteAsync("SELECT schedule_account_deletion(@Id, gen_random_uuid(), @now + interval '30 days', @now)", new { user.Id, now = app.Clock.GetUtcNow() });
        ToMonday(TimeSpan.FromHours(8));

        Assert.Empty(await MailsAsync(user));
    }

    /// <summary>Somebody with 300 credits who has asked for it.</summary>
    private async Task<TestUser> GivenReaderAsync(string zone, string language = "en")
    {
        // In the middle of a week, wherever they are: what follows is told on the next Monday.
        if (app.Clock.GetUtcNow() is { DayOfWeek: DayOfWeek.Saturday or DayOfWeek.Sunday or DayOfWeek.Monday })
            ToMonday(TimeSpan.FromHours(36));
        var user = await app.GivenUserAsync(300);
        await app.SpeakAsync(user, language);
        (await app.SignedInAs(user).PostAsync("/account/preferences", ("Input.Language", language), ("Input.TimeZone", zone), ("Input.ByMail", "true"), ("Input.Weekly", "true"))).AssertGoesTo("/account/preferences");
        return user;
    }

    private async Task SpendAsync(TestUser user, params string[] tools)
    {
        foreach (var tool in tools)
            Assert.Equal("LAUNCHED", await app.SpendAsync(user, tool));
    }

    /// <summary>So long after the next Monday's midnight in UTC, or before it.</summary>
    private void ToMonday(TimeSpan after)
    {
        var now = app.Clock.GetUtcNow();
        var monday = new DateTimeOffset(now.Date, TimeSpan.Zero).AddDays(((int)DayOfWeek.Monday - (int)now.DayOfWeek + 7) % 7);
        while (monday + after <= now)
            monday = monday.AddDays(7);
        app.Clock.Advance(monday + after - now);
    }

    /// <summary>Runs the job; then what the mailbox holds about weeks.</summary>
    private async Task<IReadOnlyList<Mail>> MailsAsync(TestUser user)
    {
        await app.Service<WriteWeeksJob>().RunAsync(CancellationToken.None);
        return [.. (await app.MailboxAsync(user)).Where(mail => mail.Subject.Contains("week in credits", StringComparison.Ordinal) || mail.Subject.Contains("semaine en crédits", StringComparison.Ordinal))];
    }
}
