using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Billing;

/// <summary>A mail that does not get through: a mailbox that is not there, a server that is away, none at all.</summary>
public sealed class MailDeliveryTests(MailApp app) : IClassFixture<MailApp>
{
    [Fact]
    public async Task A_mailbox_that_refuses_is_not_asked_again()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var lost = await app.GivenUserAsync(email: "bounce@test.example");
        await app.ExecuteAsync("INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at) SELECT @To, 'copy', kind, facts, created_at, created_at FROM mails WHERE user_id = @From",
            new { To = lost.Id, From = user.Id });

        Assert.Empty(await app.MailboxAsync(lost));
        await app.AdvanceAsync(TimeSpan.FromDays(7));
        Assert.Empty(await app.MailboxAsync(lost));

        Assert.Equal([("payment_receipt", "bounced", "550 MailboxUnavailable", 1)], await app.QueueAsync(lost));
        Assert.Contains($"Mail payment_receipt to user {lost.Id} bounced: 550 MailboxUnavailable", app.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("bounce@", app.Log.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(user.Email, app.Log.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_mail_whose_person_is_gone_or_whose_facts_cannot_be_read_is_closed_and_the_others_are_sent()
    {
        var (gone, broken, user) = (Guid.CreateVersion7(app.Clock.GetUtcNow()), await app.GivenUserAsync(), await app.GivenSubscriberAsync("starter"));
        await app.ExecuteAsync("""
            INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
            SELECT u, 'first', 'payment_receipt', f::jsonb, '2020-01-01', '2020-01-01' FROM (VALUES (@gone, '{}'), (@Broken, '[]')) v (u, f)
            """, new { gone, Broken = broken.Id });

        Assert.Single(await app.MailboxAsync(user));

        Assert.Equal([("failed", "the account is gone")], await app.QueryAsync<(string, string)>("SELECT state, last_error FROM mails WHERE user_id = @gone", new { gone }));
        Assert.Equal([("payment_receipt", "failed", "the mail could not be written", 1)], await app.QueueAsync(broken));
    }
}

public sealed class MailServerAwayTests(MailServerAwayTests.App app) : IClassFixture<MailServerAwayTests.App>
{
    [Fact]
    public async Task A_server_that_is_away_costs_no_mail_an_attempt_and_is_said()
    {
        var user = await app.GivenSubscriberAsync("starter");

        for (var tries = 0; tries < 12; tries++)
        {
            await app.Service<SendMailsJob>().RunAsync(CancellationToken.None);
            app.Clock.Advance(TimeSpan.FromHours(25));
        }

        var (state, attempts) = (await app.QueryAsync<(string, int)>("SELECT state, attempts FROM mails WHERE user_id = @Id", new { user.Id }))[0];
        Assert.Equal(("waiting", 0), (state, attempts));
        Assert.Contains("The mail server takes no mail; all mails wait", app.Log.Text, StringComparison.Ordinal);
    }

    public sealed class App : BillingApp
    {
        public LogCollector Log { get; } = new();

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            Log.AddTo(services);
        }

        protected override bool StripeRunsByItself => false;

        protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
        {
            ["SMTP_URL"] = "smtp://127.0.0.1:9",
            ["MAIL_FROM"] = "hello@aurion.test",
        };
    }
}

public sealed class NoMailServerTests(NoMailServerTests.App app) : IClassFixture<NoMailServerTests.App>
{
    [Fact]
    public async Task Without_a_mail_server_mails_wait_and_the_log_says_so_once()
    {
        var user = await app.GivenSubscriberAsync("starter");

        for (var times = 0; times < 3; times++)
            await app.Service<SendMailsJob>().RunAsync(CancellationToken.None);

        Assert.Equal([("payment_receipt", "waiting", 0)], await app.QueryAsync<(string, string, int)>("SELECT kind, state, attempts FROM mails WHERE user_id = @Id", new { user.Id }));
        Assert.Single(app.Log.Text.Split('\n'), line => line.Contains("no mail server is set", StringComparison.Ordinal));
    }

    public sealed class App : BillingApp
    {
        public LogCollector Log { get; } = new();

        protected override bool StripeRunsByItself => false;

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            Log.AddTo(services);
        }
    }
}
