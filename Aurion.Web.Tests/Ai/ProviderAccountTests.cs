using Aurion.Data.Ai;
using Aurion.Web.Ai.Operating;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>What the operator still has at OpenRouter: read, shown, and told once when it runs dry.</summary>
public sealed class ProviderAccountTests(ProviderAccountTests.AccountApp app) : IClassFixture<ProviderAccountTests.AccountApp>
{
    [Fact]
    public async Task A_balance_that_sinks_below_the_setting_is_told_once_and_again_only_after_a_day_in_order()
    {
        await app.ForgetAsync();
        (app.OpenRouter.Remaining, app.OpenRouter.KeyLimitRemaining) = (40m, null);
        await app.WatchAsync();
        Assert.Equal(0, await app.MailsAsync());
        Assert.Equal(40_000_000, (await app.Services.GetRequiredService<ProviderAccountStore>().GetAsync()).Remaining);

        // The setting's own value is enough; a cent less is not.
        app.OpenRouter.Remaining = 10m;
        await app.WatchAsync();
        Assert.Equal(0, await app.MailsAsync());
        app.OpenRouter.Remaining = 9.99m;
        for (var hour = 0; hour < 3; hour++)
            await app.WatchAsync();
        Assert.Equal(2, await app.MailsAsync());
        var page = await (await app.AdminAsync()).GetPageAsync("/admin/margin");
        Assert.Contains("$9.99", page.QuerySelector("section[aria-labelledby=openrouter]")!.TextContent, StringComparison.Ordinal);

        app.OpenRouter.Remaining = 50m;
        await app.WatchAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));
        app.OpenRouter.Remaining = 1m;
        await app.WatchAsync();
        Assert.Equal(4, await app.MailsAsync());
    }

    [Fact]
    public async Task A_call_that_is_refused_for_lack_of_money_is_told_once_however_many_follow()
    {
        await app.ForgetAsync();
        (app.OpenRouter.Remaining, app.OpenRouter.KeyLimitRemaining) = (100m, null);
        var user = await app.GivenUserAsync(100);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("account_dry", (await app.SayAsync(user, "fail:402")).Reason);
            await app.WatchAsync();
        }

        Assert.Equal(2, await app.MailsAsync());
        Assert.Equal(100, await app.SpendableAsync(user));
        Assert.Contains("refused a call", (await (await app.AdminAsync()).GetPageAsync("/admin/margin")).QuerySelector(".notice.danger")!.TextContent, StringComparison.Ordinal);
        // The budget of running calls is no empty account.
        await app.ForgetAsync();
        Assert.Equal("busy", (await app.SayAsync(user, "fail:402:inflight")).Reason);
        await app.WatchAsync();
        Assert.Equal(0, await app.MailsAsync());
    }

    [Fact]
    public async Task The_lesser_of_the_keys_own_limit_and_the_account_counts()
    {
        await app.ForgetAsync();
        (app.OpenRouter.Remaining, app.OpenRouter.KeyLimitRemaining) = (80m, 25m);

        await app.WatchAsync();

        Assert.Equal(25_000_000, (await app.Services.GetRequiredService<ProviderAccountStore>().GetAsync()).Remaining);
    }

    [Theory, InlineData("en", "OpenRouter’s account runs dry", "$9.99"), InlineData("fr", "Le compte OpenRouter s’épuise", "9,99")]
    public void The_mail_says_what_is_left_in_the_readers_language(string language, string subject, string left)
    {
        var email = app.Services.GetRequiredService<Aurion.Web.Infrastructure.Mail.EmailKinds>().Write("provider_dry", """{"provider":"openrouter","remaining":9990000,"refused_at":null}""", language, null)!;

        Assert.Equal(subject, email.Subject);
        Assert.Contains(left, Assert.Single(email.Lines).Value, StringComparison.Ordinal);
        Assert.EndsWith("/admin/margin", email.Links[0].Address, StringComparison.Ordinal);
    }

    /// <summary>One administrator has an account, the other only an address.</summary>
    public sealed class AccountApp : ChatApp
    {
        private TestUser? admin;

        protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal) { ["AURION_ADMINS"] = "admin@test.example, team@test.example" };

        public async Task<TestClient> AdminAsync() => SignedInAs(admin ??= await GivenUserAsync(email: "admin@test.example"));

        public Task WatchAsync() => Services.CreateScope().ServiceProvider.GetRequiredService<WatchProviderJob>().RunAsync(CancellationToken.None);

        public async Task ForgetAsync()
        {
            await AdminAsync();
            await ExecuteAsync("DELETE FROM mails WHERE kind = 'provider_dry'");
            await ExecuteAsync("UPDATE provider_accounts SET remaining_microusd = NULL, checked_at = NULL, fault = NULL, refused_at = NULL, alarmed_at = NULL");
        }

        public Task<int> MailsAsync() => ScalarAsync<int>("SELECT count(*) FROM mails WHERE kind = 'provider_dry' AND (user_id = @Id OR recipient = 'team@test.example')", new { admin!.Id });
    }
}
