using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Admin;

/// <summary>What was sent and what was not, for administrators alone.</summary>
public sealed class MailsPageTests(AdminApp app) : IClassFixture<AdminApp>
{
    [Fact]
    public async Task A_mail_that_was_given_up_is_shown_with_its_reason_and_sent_again()
    {
        var user = await GivenMailsAsync();
        var admin = await app.AdminAsync();

        var row = (await admin.GetPageAsync("/admin/mails?state=bounced")).QuerySelectorAll("tbody tr").Single(found => found.TextContent.Contains(user.Email, StringComparison.Ordinal));
        Assert.Contains("550 MailboxUnavailable", row.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-the-mail", row.OuterHtml, StringComparison.Ordinal);
        var answer = await admin.PostFormAsync("/admin/mails/retry", new { userId = user.Id, sourceRef = "receipt:bounced" }, from: "/admin/mails");

        Assert.Equal("/admin/mails", answer.Headers.Location?.OriginalString);
        Assert.Equal(("waiting", 0), Assert.Single(await app.QueryAsync<(string, int)>("SELECT state, attempts FROM mails WHERE user_id = @Id AND source_ref = 'receipt:bounced'", user)));
    }

    [Theory]
    [InlineData("receipt:sent")]
    [InlineData("receipt:stopped")]
    [InlineData("receipt:nothing")]
    [InlineData("")]
    public async Task What_was_sent_or_stopped_by_its_reader_is_not_sent_again(string sourceRef)
    {
        var user = await GivenMailsAsync();
        var admin = await app.AdminAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await admin.PostFormAsync("/admin/mails/retry", new { userId = user.Id, sourceRef }, from: "/admin/mails")).StatusCode);
        Assert.Equal(0, await app.ScalarAsync<long>("SELECT count(*) FROM mails WHERE user_id = @Id AND state = 'waiting'", user));
    }

    [Fact]
    public async Task Mails_of_one_instant_are_all_on_one_page_or_the_next()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("""
            INSERT INTO mails (user_id, source_ref, kind, facts, state, created_at, next_attempt_at)
            SELECT @Id, 'many:' || n, 'credits_low', '{}', 'sent', @now, @now FROM generate_series(1, 120) AS n
            """, new { user.Id, now = app.Clock.GetUtcNow().AddDays(1) });
        var admin = await app.AdminAsync();

        var seen = new List<int>();
        for (var next = "/admin/mails"; next is not null && seen.Count < 3;)
        {
            var page = await admin.GetPageAsync(next);
            seen.Add(page.QuerySelectorAll("tbody tr").Count(row => row.TextContent.Contains(user.Email, StringComparison.Ordinal)));
            next = page.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }

        Assert.Equal([50, 50, 20], seen);
    }

    [Fact]
    public async Task Nobody_else_sees_or_sends()
    {
        var user = await GivenMailsAsync();
        var browser = app.SignedInAs(user);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/admin/mails")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostFormAsync("/admin/mails/retry", new { userId = user.Id, sourceRef = "receipt:bounced" }, from: "/account/preferences")).StatusCode);
        Assert.Equal(0, await app.ScalarAsync<long>("SELECT count(*) FROM mails WHERE user_id = @Id AND state = 'waiting'", user));
    }

    private async Task<TestUser> GivenMailsAsync()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("""
            INSERT INTO mails (user_id, source_ref, kind, facts, state, attempts, created_at, next_attempt_at, finished_at, last_error)
            VALUES (@Id, 'receipt:bounced', 'payment_receipt', '{"x": "secret-of-the-mail"}', 'bounced', 1, @now, @now, @now, '550 MailboxUnavailable'),
                   (@Id, 'receipt:sent', 'payment_receipt', '{}', 'sent', 1, @now, @now, @now, NULL),
                   (@Id, 'receipt:stopped', 'credits_low', '{}', 'failed', 0, @now, @now, @now, 'unsubscribed')
            """, new { user.Id, now = app.Clock.GetUtcNow() });
        return user;
    }
}
