using System.Net;
using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

/// <summary>The proof of an address, and the free credits that wait for it where many accounts are made.</summary>
public sealed class AddressProofTests(MailApp app) : IClassFixture<MailApp>
{
    private static int people;

    [Fact]
    public async Task The_mailed_link_proves_the_address_when_its_form_is_sent_and_not_when_it_is_opened()
    {
        var (email, _) = await GivenAccountAsync();
        var link = await LinkAsync(email);
        var (scanner, owner) = (app.Anonymous(), app.Anonymous());

        (await scanner.GetAsync(link)).AssertGoesTo("/account/verify");
        await scanner.GetPageAsync("/account/verify");
        Assert.False(await IsVerifiedAsync(email));
        await owner.GetAsync(link);
        var done = await owner.PostAsync("/account/verify");

        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.True(await IsVerifiedAsync(email));
        Assert.Contains("Welcome to Aurion", (await app.MailboxAsync(email)).Select(mail => mail.Subject));
        // Once more, in another browser: nothing happens twice.
        await scanner.PostAsync("/account/verify");
        Assert.Single(await app.MailboxAsync(email), mail => mail.Subject == "Welcome to Aurion");
        Assert.Equal(100, await CreditsAsync(email));
    }

    [Fact]
    public async Task A_link_that_is_forged_old_or_of_another_address_proves_nothing()
    {
        var (email, browser) = await GivenAccountAsync();
        var link = await LinkAsync(email);

        Assert.Equal(HttpStatusCode.Gone, (await app.Anonymous().GetAsync(link + "x")).StatusCode);
        await app.ExecuteAsync("UPDATE auth.users SET email = @other WHERE email = @email", new { email, other = "moved." + email });
        var opened = app.Anonymous();
        await opened.GetAsync(link);
        Assert.Equal(HttpStatusCode.Gone, (await opened.PostAsync("/account/verify")).StatusCode);
        Assert.False(await IsVerifiedAsync("moved." + email));
        app.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(HttpStatusCode.Gone, (await app.Anonymous().GetAsync(link)).StatusCode);
        Assert.NotNull(browser);
    }

    [Fact]
    public async Task The_link_is_sent_again_a_few_times_and_then_the_page_says_when()
    {
        var (email, browser) = await GivenAccountAsync();
        for (var i = 0; i < 3; i++)
        {
            (await browser.PostFormAsync("/account/verify/send", from: "/account/verify")).AssertGoesTo("/account/verify");
            app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.PostFormAsync("/account/verify/send", from: "/account/verify")).StatusCode);
        Assert.Equal(4, (await app.MailboxAsync(email, routine: true)).Count);
    }

    [Fact]
    public async Task The_old_link_and_the_new_one_both_work_and_the_page_of_who_is_confirmed_says_so()
    {
        var (email, browser) = await GivenAccountAsync();
        Assert.Contains(email, (await browser.GetPageAsync("/account/verify")).Body!.TextContent, StringComparison.Ordinal);
        await browser.GetAsync(await LinkAsync(email));
        await browser.PostAsync("/account/verify");

        Assert.Contains("Your address is confirmed", (await browser.GetPageAsync("/account/verify")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("confirmed", (await browser.GetPageAsync("/account")).QuerySelector("main .tag.ok")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_thousand_accounts_that_one_network_makes_at_once_five_have_credits_and_the_others_have_them_once_proven()
    {
        var store = app.Service<AccountStore>();
        var network = AttemptLimits.SignUpNetwork(IPAddress.Parse("203.0.113.7"));
        var people = Enumerable.Range(0, 1000).Select(number => (Id: Guid.CreateVersion7(app.Clock.GetUtcNow()), Email: $"farm{number}@farm.example")).ToList();

        var waits = await Task.WhenAll(people.Select(person => store.CreateAsync(person.Id, person.Email, null, "en", "hash", network, 5)));

        // Nobody reads a thousand mails here.
        Assert.Equal(1000, await app.ExecuteAsync("DELETE FROM mails WHERE user_id = ANY (@ids)", new { ids = people.Select(person => person.Id).ToArray() }));
        Assert.Equal(5, waits.Count(waiting => waiting is false));
        Assert.Equal(995, waits.Count(waiting => waiting is true));
        Assert.Equal(500, await app.ScalarAsync<long>("SELECT sum(total_credits) FROM user_credits JOIN profiles p ON p.id = user_id WHERE p.email LIKE '%@farm.example'"));
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults()"));
        // A month later they still wait; one that is proven has what everybody has.
        app.Clock.Advance(TimeSpan.FromDays(40));
        await app.ExecuteAsync("SELECT reset_monthly_credits(@now)", new { now = app.Clock.GetUtcNow() });
        Assert.Equal(995, await app.ScalarAsync<int>("SELECT count(*)::int FROM user_credits JOIN profiles p ON p.id = user_id WHERE p.email LIKE '%@farm.example' AND total_credits = 0"));
        var proven = people[Array.IndexOf(waits, true)];
        Assert.True(await app.Service<AddressStore>().VerifyAsync(proven.Id, Aurion.Web.Account.Addresses.AccountAddresses.Digest(proven.Email)));
        Assert.Equal(100, await CreditsAsync(proven.Email));
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM usage_logs WHERE user_id = @Id AND action_type = 'credits_granted'", new { proven.Id }));
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults()"));
    }

    [Fact]
    public async Task The_next_day_and_the_next_network_begin_anew()
    {
        var store = app.Service<AccountStore>();
        var number = 0;
        async Task<bool?> CreateAsync(string address) =>
            await store.CreateAsync(Guid.CreateVersion7(app.Clock.GetUtcNow()), $"day{number++}@days.example", null, "en", "hash", AttemptLimits.SignUpNetwork(IPAddress.Parse(address)), 1);

        Assert.False(await CreateAsync("198.51.100.1"));
        Assert.True(await CreateAsync("198.51.100.200"));
        Assert.True(await CreateAsync("::ffff:198.51.100.3"));
        Assert.False(await CreateAsync("198.51.101.1"));
        Assert.False(await CreateAsync("2001:db8:1:1::1"));
        Assert.True(await CreateAsync("2001:db8:1:1:ffff::2"));
        Assert.False(await CreateAsync("2001:db8:1:2::1"));
        app.Clock.Advance(TimeSpan.FromDays(1));
        Assert.False(await CreateAsync("198.51.100.1"));
        Assert.True(await CreateAsync("198.51.100.1"));
    }

    private async Task<(string Email, TestClient Browser)> GivenAccountAsync()
    {
        var (email, browser) = ($"prover{Interlocked.Increment(ref people)}@test.example", app.Anonymous());
        (await browser.SignUpAsync(email)).AssertGoesTo("/dashboard");
        return (email, browser);
    }

    private async Task<string> LinkAsync(string email) =>
        new Uri((await app.MailboxAsync(email, routine: true)).SelectMany(mail => mail.Links).First(link => link.Contains("/account/verify", StringComparison.Ordinal))).PathAndQuery;

    private Task<bool> IsVerifiedAsync(string email) => app.ScalarAsync<bool>("SELECT verified_at IS NOT NULL FROM account_credentials WHERE email = @email", new { email });

    private Task<int> CreditsAsync(string email) =>
        app.ScalarAsync<int>("SELECT total_credits - used_credits FROM user_credits JOIN profiles p ON p.id = user_id WHERE p.email = @email", new { email });
}

/// <summary>A site where every account waits, and where throw-away addresses are refused.</summary>
public sealed class WaitingCreditsTests(WaitingCreditsTests.App app) : IClassFixture<WaitingCreditsTests.App>
{
    public sealed class App : AurionApp
    {
        protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
        {
            ["AURION_ACCOUNTS_PER_NETWORK"] = "0",
            ["AURION_REFUSED_MAIL_DOMAINS"] = "throwaway.example, mailinator.example",
            ["AURION_SANDBOX_MAIL"] = "http://127.0.0.1:9",
        };
    }

    [Fact]
    public async Task Every_page_says_that_the_credits_wait_and_the_sandbox_shows_the_link_that_brings_them()
    {
        var browser = app.Anonymous();
        (await browser.SignUpAsync("waiter@test.example")).AssertGoesTo("/account/verify");
        Assert.Contains("Your free credits wait for you.", (await browser.GetPageAsync("/dashboard")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("0", (await browser.GetPageAsync("/dashboard")).QuerySelector("[data-balance=available]")!.TextContent.Trim());

        var link = (await browser.GetPageAsync("/account/verify")).QuerySelector(".notice a")!.GetAttribute("href")!;
        await browser.GetAsync(new Uri(link).PathAndQuery);
        await browser.PostAsync("/account/verify");

        var dashboard = await browser.GetPageAsync("/dashboard");
        Assert.DoesNotContain("Your free credits wait for you.", dashboard.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("100", dashboard.QuerySelector("[data-balance=available]")!.TextContent.Trim());
    }

    [Theory]
    [InlineData("me@throwaway.example", true)]
    [InlineData("ME@Sub.Throwaway.Example", true)]
    [InlineData("me@mailinator.example", true)]
    [InlineData("me@notthrowaway.example", false)]
    public async Task A_throw_away_address_is_refused_with_its_reason(string email, bool isRefused)
    {
        var answer = await app.Anonymous().SignUpAsync(email);

        Assert.Equal(isRefused ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.Redirect, answer.StatusCode);
        if (isRefused)
            Assert.Contains("not accepted", (await answer.ReadHtmlAsync()).ErrorOf("Input.Email"), StringComparison.Ordinal);
    }
}
