using System.Net;
using Aurion.Web.Account.Notices;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

/// <summary>What people are told of their balance: once for each crossing of a threshold they chose, and no more once they say so.</summary>
public sealed class NoticeTests(MailApp app) : IClassFixture<MailApp>
{
    [Fact]
    public async Task A_spend_below_a_fifth_is_told_once_and_the_last_credit_once_more()
    {
        var user = await app.GivenUserAsync(40);
        await SpendAsync(user, "content-generator");
        Assert.Empty(await ToldAsync(user));

        await SpendAsync(user, "text-editor");
        await SpendAsync(user, "text-editor");
        Assert.Equal(["15 credits left"], await ToldAsync(user));

        await SpendAsync(user, "content-generator");
        Assert.Equal(["15 credits left", "Your credits are used up"], await ToldAsync(user));
        Assert.Equal(["15 credits left", "Your credits are used up"], await ToldAsync(user));
    }

    [Fact]
    public async Task After_new_credits_the_next_crossing_is_told_again()
    {
        var user = await app.GivenUserAsync(20);
        await SpendAsync(user, "text-editor");
        Assert.Single(await ToldAsync(user));

        await app.ExecuteAsync("SELECT adjust_user_credits(@Id, 50, 'A gift', @Id, gen_random_uuid(), @now)", new { user.Id, now = app.Clock.GetUtcNow() });
        Assert.Single(await ToldAsync(user));
        await SpendAsync(user, "app-builder");

        Assert.Equal(["15 credits left", "15 credits left"], await ToldAsync(user));
    }

    [Fact]
    public async Task What_was_not_spent_is_not_told()
    {
        var user = await app.GivenUserAsync(100);
        await app.ExecuteAsync("SELECT adjust_user_credits(@Id, -95, 'A correction', @Id, gen_random_uuid(), @now)", new { user.Id, now = app.Clock.GetUtcNow() });

        Assert.Empty(await ToldAsync(user));
    }

    [Fact]
    public async Task A_figure_of_ones_own_is_told_and_what_was_not_chosen_is_not()
    {
        var user = await app.GivenUserAsync(100);
        await app.SpeakAsync(user, "fr");
        await app.ExecuteAsync("INSERT INTO notification_settings (user_id, at_fifth, at_zero, at_figure) VALUES (@Id, false, false, 60)", user);

        await SpendAsync(user, "app-builder");
        await SpendAsync(user, "ai-agents");
        await SpendAsync(user, "content-generator");
        await SpendAsync(user, "text-editor");

        var mail = Assert.Single(await TellAsync(user));
        Assert.StartsWith("Il vous reste 0", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("60", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_wants_no_mail_gets_none_and_sees_the_banner()
    {
        var user = await app.GivenUserAsync(20);
        await app.ExecuteAsync("INSERT INTO notification_settings (user_id, by_mail) VALUES (@Id, false)", user);

        await SpendAsync(user, "text-editor");

        Assert.Empty(await ToldAsync(user));
        Assert.Contains("Less than a fifth of your plan's credits is left.", (await app.SignedInAs(user).GetPageAsync("/dashboard")).QuerySelector("#balance-notice")!.TextContent, StringComparison.Ordinal);
        await app.ExecuteAsync("UPDATE notification_settings SET by_banner = false WHERE user_id = @Id", user);
        Assert.Equal("", (await app.SignedInAs(user).GetPageAsync("/dashboard")).QuerySelector("#balance-notice")!.TextContent.Trim());
    }

    [Fact]
    public async Task Two_hundred_judges_at_once_tell_a_crossing_once()
    {
        var users = new List<TestUser>();
        for (var n = 0; n < 20; n++)
            users.Add(await app.GivenUserAsync(20));
        foreach (var user in users)
            await SpendAsync(user, "text-editor");

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() =>
            app.ExecuteAsync("SELECT judge_balances(@users, @now)", new { users = users.Select(user => user.Id).ToArray(), now = app.Clock.GetUtcNow() }))));

        Assert.All(await app.QueryAsync<long>("SELECT count(*) FROM mails WHERE kind = 'credits_low' AND user_id = ANY (@users) GROUP BY user_id", new { users = users.Select(user => user.Id).ToArray() }),
            count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Credits_that_expire_are_told_at_thirty_seven_and_one_day_and_those_of_a_short_life_are_not()
    {
        var user = await app.GivenUserAsync();
        var now = app.Clock.GetUtcNow();
        await app.ExecuteAsync("""
            INSERT INTO credit_grants (user_id, id, source, source_ref, amount, remaining, effective_at, expires_at)
            VALUES (@Id, gen_random_uuid(), 'pack', 'long', 500, 300, @now, @now + interval '60 days'),
                   (@Id, gen_random_uuid(), 'refund', 'short', 5, 5, @now + interval '45 days', @now + interval '46 days');
            UPDATE user_credits SET bonus_credits = 305 WHERE user_id = @Id
            """, new { user.Id, now });

        Assert.Equal(0, await WarnedAsync());
        app.Clock.Advance(TimeSpan.FromDays(29.9));
        Assert.Equal(0, await WarnedAsync());
        app.Clock.Advance(TimeSpan.FromDays(0.2));
        Assert.Equal(1, await WarnedAsync());
        app.Clock.Advance(TimeSpan.FromDays(15));
        Assert.Equal(1, await WarnedAsync());
        app.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(2, await WarnedAsync());
        Assert.Contains("300 credits expire on", (await app.SignedInAs(await app.SignInAsync(user.Id, user.Email)).GetPageAsync("/dashboard")).QuerySelector("#balance-notice")!.TextContent, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromDays(6.5));
        Assert.Equal(3, await WarnedAsync());
        app.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(3, await WarnedAsync());

        var mail = (await app.MailboxAsync(user))[^1];
        Assert.StartsWith("300 credits expire on ", mail.Subject, StringComparison.Ordinal);

        async Task<long> WarnedAsync()
        {
            await app.Service<WarnOfExpiryJob>().RunAsync(CancellationToken.None);
            return await app.ScalarAsync<long>("SELECT count(*) FROM mails WHERE user_id = @Id AND kind = 'credits_expiring'", user);
        }
    }

    [Fact]
    public async Task One_click_stops_these_mails_without_a_sign_in_and_a_scanner_that_opens_the_link_does_not()
    {
        var user = await app.GivenUserAsync(20);
        await SpendAsync(user, "text-editor");
        var mail = Assert.Single(await TellAsync(user));
        var link = new Uri(mail.Links.Single(found => found.Contains("/account/unsubscribe?token=", StringComparison.Ordinal))).PathAndQuery;

        foreach (var scanner in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Get })
        {
            using var request = new HttpRequestMessage(scanner, new Uri(link, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().Http.SendAsync(request)).StatusCode);
        }
        Assert.Equal(0, await app.ScalarAsync<long>("SELECT count(*) FROM notification_settings WHERE user_id = @Id", user));

        // As RFC 8058 has it: no cookie, no token of a form, this very body.
        await app.ExecuteAsync("INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at) VALUES (@Id, 'waiting', 'credits_out', '{}', @now, @now)", new { user.Id, now = app.Clock.GetUtcNow() });
        var answer = await app.Anonymous().PostTextAsync(link, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(await app.ScalarAsync<bool>("SELECT by_mail FROM notification_settings WHERE user_id = @Id", user));
        Assert.Equal("unsubscribed", await app.ScalarAsync<string>("SELECT last_error FROM mails WHERE user_id = @Id AND source_ref = 'waiting'", user));
        await SpendAsync(user, "content-generator");
        Assert.Single(await ToldAsync(user));
        Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().PostTextAsync(link, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")).StatusCode);
    }

    [Fact]
    public async Task The_header_of_one_click_is_on_these_mails_and_on_none_about_money()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.ExecuteAsync("UPDATE user_credits SET used_credits = total_credits - 10 WHERE user_id = @Id", user);
        await SpendAsync(user, "text-editor");
        await TellAsync(user);

        var raw = await app.RawAsync(user.Email);

        var notice = raw.Single(mail => mail.Contains("Subject: 5 credits left", StringComparison.Ordinal));
        Assert.Contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click", notice, StringComparison.Ordinal);
        Assert.Matches(@"List-Unsubscribe:\s+<http://127\.0\.0\.1:5080/account/unsubscribe\?token=", notice);
        Assert.All(raw.Where(mail => mail != notice), mail => Assert.DoesNotContain("List-Unsubscribe", mail, StringComparison.Ordinal));
        Assert.Contains(raw, mail => mail.Contains("Your payment of", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?token=")]
    [InlineData("?token=eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("?token=x&token=y")]
    public async Task A_link_that_was_not_issued_here_stops_nothing(string query)
    {
        Assert.Equal(HttpStatusCode.Gone, (await app.Anonymous().GetAsync("/account/unsubscribe" + query)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await app.Anonymous().PostTextAsync("/account/unsubscribe" + query, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")).StatusCode);
    }

    [Fact]
    public async Task The_link_opens_no_session_and_a_session_is_no_link()
    {
        var user = await app.GivenUserAsync();
        var link = app.Service<Unsubscriptions>().LinkFor(user.Id, isWeek: false);
        var token = link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..];

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.WithToken(token).PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" })).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await app.Anonymous().GetAsync("/account/unsubscribe?token=" + user.Token)).StatusCode);
    }

    [Fact]
    public async Task The_choice_is_made_on_the_preferences_page()
    {
        var user = await app.GivenUserAsync(20);
        var browser = app.SignedInAs(user);
        var page = await browser.GetPageAsync("/account/preferences");
        Assert.Equal(7, page.QuerySelectorAll("#notices-card input[type=checkbox][checked]").Length);

        (await browser.PostAsync("/account/preferences", ("Input.TimeZone", "UTC"), ("Input.AtZero", "true"), ("Input.AtFigure", "12"), ("Input.Days7", "true"), ("Input.ByMail", "true"))).AssertGoesTo("/account/preferences");

        Assert.Equal((false, true, 12, 7, true, false), Assert.Single(await app.QueryAsync<(bool, bool, int?, int, bool, bool)>(
            "SELECT at_fifth, at_zero, at_figure, expiry_days[1], by_mail, by_banner FROM notification_settings WHERE user_id = @Id AND cardinality(expiry_days) = 1", user)));
        Assert.Equal(3, (await browser.GetPageAsync("/account/preferences")).QuerySelectorAll("#notices-card input[type=checkbox][checked]").Length);
    }

    private async Task SpendAsync(TestUser user, string toolId) =>
        (await app.WithToken(await app.SignInAsync(user.Id, user.Email)).PostJsonAsync("/api/validate-tool-access", new { toolId, newSession = true })).EnsureSuccessStatusCode();

    /// <summary>Runs the judge; then what the mailbox holds about the balance.</summary>
    private async Task<IReadOnlyList<Mail>> TellAsync(TestUser user)
    {
        await app.Service<JudgeBalancesJob>().RunAsync(CancellationToken.None);
        return [.. (await app.MailboxAsync(user)).Where(mail => mail.Links.Any(link => link.Contains("/account/unsubscribe", StringComparison.Ordinal)))];
    }

    private async Task<IEnumerable<string>> ToldAsync(TestUser user) => (await TellAsync(user)).Select(mail => mail.Subject);
}
