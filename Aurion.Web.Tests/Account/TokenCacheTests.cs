using Aurion.Web.Account;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

public sealed class TokenCacheTests
{
    private static readonly Guid Session = new("01900000-0000-7000-8000-000000000001");
    private static readonly TokenHolder Somebody = new(Guid.Empty, Session, null, null, null, null);
    private readonly TestClock clock = new();
    private readonly TokenCache tokens;

    public TokenCacheTests()
    {
        clock.StopAt(DateTimeOffset.UnixEpoch);
        tokens = new TokenCache(clock);
        tokens.Enable(true);
    }

    [Fact]
    public void A_token_is_remembered_for_a_minute()
    {
        tokens.Add("token", Somebody, DateTimeOffset.MaxValue, tokens.Revocations);

        clock.Advance(TimeSpan.FromSeconds(59.9));
        Assert.Same(Somebody, tokens.Find("token"));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(tokens.Find("token"));
    }

    [Fact]
    public void And_never_past_its_own_end()
    {
        tokens.Add("token", Somebody, clock.GetUtcNow().AddSeconds(10), tokens.Revocations);

        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(tokens.Find("token"));
    }

    [Fact]
    public void The_end_of_a_session_is_the_end_of_its_tokens_and_of_no_others()
    {
        tokens.Add("mine", Somebody, DateTimeOffset.MaxValue, tokens.Revocations);
        tokens.Add("yours", Somebody with { SessionId = Guid.Empty }, DateTimeOffset.MaxValue, tokens.Revocations);

        tokens.Remove([Session]);

        Assert.Null(tokens.Find("mine"));
        Assert.NotNull(tokens.Find("yours"));
    }

    [Fact]
    public void An_ending_that_overtakes_the_check_wins()
    {
        var before = tokens.Revocations;
        tokens.Remove([Session]);

        tokens.Add("token", Somebody, DateTimeOffset.MaxValue, before);

        Assert.Null(tokens.Find("token"));
    }

    [Fact]
    public void Who_cannot_hear_remembers_nothing()
    {
        tokens.Add("before", Somebody, DateTimeOffset.MaxValue, tokens.Revocations);
        tokens.Enable(false);
        tokens.Add("during", Somebody, DateTimeOffset.MaxValue, tokens.Revocations);
        Assert.Null(tokens.Find("before"));

        tokens.Enable(true);

        Assert.Null(tokens.Find("before"));
        Assert.Null(tokens.Find("during"));
    }

    [Fact]
    public void Memory_is_bounded_and_half_of_the_tokens_stay_when_it_is_full()
    {
        for (var i = 0; i <= TokenCache.Capacity; i++)
            tokens.Add($"token {i}", Somebody, DateTimeOffset.MaxValue, tokens.Revocations);

        Assert.Null(tokens.Find("token 0"));
        Assert.NotNull(tokens.Find($"token {TokenCache.Capacity / 2}"));
        Assert.NotNull(tokens.Find($"token {TokenCache.Capacity}"));

        tokens.Remove([Session]);
        Assert.Null(tokens.Find($"token {TokenCache.Capacity / 2}"));
    }
}
