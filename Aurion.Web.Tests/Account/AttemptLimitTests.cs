using System.Net;
using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Account;

public sealed class AttemptLimitTests(AurionApp app) : IClassFixture<AurionApp>
{
    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");

    [Fact]
    public async Task Eight_guesses_then_one_every_thirty_seconds_and_the_answer_says_when()
    {
        await app.Anonymous().SignUpAsync("slow@test.example");
        app.Clock.StopAt(app.Clock.GetUtcNow());
        for (var i = 0; i < 8; i++)
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.Anonymous().SignInAsync("slow@test.example", "a wrong password")).StatusCode);

        var refused = await app.Anonymous().SignInAsync("slow@test.example");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), refused.Headers.RetryAfter?.Delta);
        Assert.Equal("Too many attempts. Try again in 30 seconds.", (await refused.ReadHtmlAsync()).Refusal());

        app.Clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Anonymous().SignInAsync("slow@test.example")).StatusCode);
        app.Clock.Advance(TimeSpan.FromSeconds(0.1));
        (await app.Anonymous().SignInAsync("slow@test.example")).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task A_stranger_is_slowed_down_exactly_like_somebody_we_know()
    {
        await app.Anonymous().SignUpAsync("same@test.example");
        app.Clock.StopAt(app.Clock.GetUtcNow().AddMinutes(10));

        var known = await GuessAsync("same@test.example");
        var stranger = await GuessAsync("nobody@test.example");

        Assert.Equal(known, stranger);
    }

    [Fact]
    public async Task Hammering_does_not_postpone_the_next_attempt()
    {
        var now = app.Clock.GetUtcNow().AddHours(1);
        app.Clock.StopAt(now);
        AttemptLimit limit = new("hammered", 2, TimeSpan.FromMinutes(1));
        var attempts = app.Services.GetRequiredService<AttemptStore>();
        for (var i = 0; i < 100; i++)
            await attempts.TakeAsync([limit]);

        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await attempts.TakeAsync([limit]));
    }

    [Fact]
    public async Task Forty_at_once_pass_no_more_than_the_limit()
    {
        app.Clock.StopAt(app.Clock.GetUtcNow().AddHours(2));
        var attempts = app.Services.GetRequiredService<AttemptStore>();
        AttemptLimit[] limits = [new("one", 10, TimeSpan.FromMinutes(1)), new("two", 7, TimeSpan.FromMinutes(1))];

        var waits = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => attempts.TakeAsync(i % 2 == 0 ? limits : [.. limits.Reverse()])));

        Assert.Equal(7, waits.Count(wait => wait is null));
    }

    [Fact]
    public async Task Attempts_that_share_subjects_in_any_order_while_old_ones_are_cleared_never_lock_each_other_out()
    {
        var attempts = app.Services.GetRequiredService<AttemptStore>();
        for (var round = 0; round < 30; round++)
        {
            // All of these are old by now and are wanted again at once.
            app.Clock.StopAt(app.Clock.GetUtcNow().AddHours(3));
            AttemptLimit[] limits = [.. Enumerable.Range(0, 8).Select(i => new AttemptLimit($"lock{i}", 1000, TimeSpan.FromSeconds(1)))];

            await Task.WhenAll(Enumerable.Range(0, 32).Select(async i =>
            {
                AttemptLimit[] mine = [.. limits.Skip(i % 6).Take(3).OrderBy(_ => Random.Shared.Next())];
                await attempts.TakeAsync(mine);
                await attempts.GiveBackAsync(mine);
            }));
        }
    }

    [Fact]
    public async Task Many_addresses_together_cannot_guess_faster_and_cannot_keep_the_owner_out()
    {
        app.Clock.StopAt(app.Clock.GetUtcNow().AddHours(3));
        var attempts = app.Services.GetRequiredService<AttemptStore>();
        var passed = 0;
        for (var i = 0; i < 100; i++)
            if (await attempts.TakeAsync(AttemptLimits.SignIn("target@test.example", new IPAddress([203, 0, 113, (byte)i]), null)) is null)
                passed++;

        Assert.Equal(30, passed);
        Assert.NotNull(await attempts.TakeAsync(AttemptLimits.SignIn("target@test.example", Home, null)));
        Assert.Null(await attempts.TakeAsync(AttemptLimits.SignIn("target@test.example", Home, "a browser that signed in before")));
    }

    [Fact]
    public async Task A_known_browser_keeps_its_own_measure_through_the_form()
    {
        var browser = app.Anonymous();
        await browser.SignUpAsync("owner@test.example");
        await browser.PostAsync("/account/sign-out");
        app.Clock.StopAt(app.Clock.GetUtcNow().AddHours(4));
        var attempts = app.Services.GetRequiredService<AttemptStore>();
        for (var i = 0; i < 40; i++)
            await attempts.TakeAsync(AttemptLimits.SignIn("owner@test.example", new IPAddress([203, 0, 113, (byte)i]), null));

        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Anonymous().SignInAsync("owner@test.example")).StatusCode);
        (await browser.SignInAsync("owner@test.example")).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task One_network_hears_ten_times_that_an_e_mail_is_taken()
    {
        await app.Anonymous().SignUpAsync("asked@test.example");
        app.Clock.StopAt(app.Clock.GetUtcNow().AddHours(5));
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
            answers.Add((await app.Anonymous().SignUpAsync("asked@test.example")).StatusCode);

        Assert.Equal(10, answers.Count(a => a == HttpStatusCode.UnprocessableEntity));
        Assert.Equal(2, answers.Count(a => a == HttpStatusCode.TooManyRequests));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void An_ipv6_household_is_one_address(string one, string other, bool same) =>
        Assert.Equal(same, AttemptLimits.SignUp(IPAddress.Parse(one)) == AttemptLimits.SignUp(IPAddress.Parse(other)));

    [Fact]
    public async Task Nothing_readable_is_kept_and_old_rows_go()
    {
        var attempts = app.Services.GetRequiredService<AttemptStore>();
        await attempts.TakeAsync(AttemptLimits.SignIn("private@test.example", Home, null));
        Assert.Equal(0, await app.ScalarAsync<long>("SELECT count(*) FROM account_attempts WHERE subject LIKE '%private%' OR subject LIKE '%192.0.2%'"));

        app.Clock.StopAt(app.Clock.GetUtcNow().AddDays(30));
        for (var i = 0; i < 50; i++)
            await attempts.TakeAsync([new("sweeper", 100, TimeSpan.FromSeconds(1))]);

        Assert.Equal(1, await app.ScalarAsync<long>("SELECT count(*) FROM account_attempts"));
    }

    private async Task<string> GuessAsync(string email)
    {
        var answers = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            var response = await app.Anonymous().SignInAsync(email, "a wrong password");
            answers.Add($"{response.StatusCode} {response.Headers.RetryAfter} {(await response.ReadHtmlAsync()).Refusal()}");
        }
        return string.Join('\n', answers);
    }
}
