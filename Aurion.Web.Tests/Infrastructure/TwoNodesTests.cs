using System.Diagnostics;
using System.Net;
using Aurion.Web.Tests.Account;
using Aurion.Web.Tests.Credits;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>Two webs with one database are one site, whichever of them a request reaches.</summary>
public sealed class TwoNodesTests(AurionApp first) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task Whoever_signs_in_at_one_is_signed_in_at_the_other_and_out_of_both_at_once()
    {
        await using var second = await SecondNode.StartAsync(first);
        var here = first.Anonymous();
        await here.SignUpAsync("nodes@test.example");
        var there = second.Browser(here.Jar.Copy());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await here.GetAsync("/account")).StatusCode, (await there.GetAsync("/account")).StatusCode));

        (await there.PostAsync("/account/sign-out")).AssertGoesTo("/");

        var waited = Stopwatch.StartNew();
        while ((await here.GetAsync("/account")).StatusCode == HttpStatusCode.OK)
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(1), "the session still works at the other node after a second");
    }

    [Fact]
    public async Task A_launch_at_one_shows_within_a_second_at_the_other_and_its_session_is_valid_there()
    {
        await using var second = await SecondNode.StartAsync(first);
        var user = await first.GivenUserAsync();
        await using var stream = await LiveStream.OpenAsync(first.SignedInAs(user));
        Assert.Equal(100, await stream.NextAvailableAsync());

        var launched = await second.SignedInAs(user).PostFormAsync("/tools/app-builder");

        Assert.Equal(HttpStatusCode.Redirect, launched.StatusCode);
        await stream.WaitForAsync(50, TimeSpan.FromSeconds(1));
        Assert.NotNull((await first.SignedInAs(user).GetPageAsync("/tools/app-builder")).QuerySelector("iframe"));
    }

    [Fact]
    public async Task Guesses_are_counted_over_both()
    {
        await using var second = await SecondNode.StartAsync(first);
        await first.Anonymous().SignUpAsync("guessed@test.example");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 9; i++)
            answers.Add((await (i % 2 == 0 ? first : second).Anonymous().SignInAsync("guessed@test.example", "a wrong password")).StatusCode);

        Assert.Equal(Enumerable.Repeat(HttpStatusCode.UnprocessableEntity, 8).Append(HttpStatusCode.TooManyRequests), answers);
    }
}
