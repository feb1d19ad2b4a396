using System.Security.Claims;
using Aurion.Web.Account;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

public sealed class TokenCacheTests
{
    private static readonly ClaimsPrincipal Somebody = new();
    private static readonly Guid Session = new("01900000-0000-7000-8000-000000000001");
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
        tokens.Add("token", Somebody, Session, DateTimeOffset.MaxValue, tokens.Revocations);

        clock.Advance(TimeSpan.FromSeconds(59.9));
        Assert.Same(Somebody, tokens.Find("token"));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(tokens.Find("token"));
    }

    [Fact]
    public void And_never_past_its_own_end()
    {
        tokens.Add("token", Somebody, Session, clock.GetUtcNow().AddSeconds(10), tokens.Revocations);

        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(tokens.Find("token"));
    }

    [Fact]
    public void The_end_of_a_session_is_the_end_of_its_tokens_and_of_no_others()
    {
        tokens.Add("mine", Somebody, Session, DateTimeOffset.MaxValue, tokens.Revocations);
        tokens.Add("yours", Somebody, Guid.Empty, DateTimeOffset.MaxValue, tokens.Revocations);

        tokens.Remove([Session]);

        Assert.Null(tokens.Find("mine"));
        Assert.NotNull(tokens.Find("yours"));
    }

    [Fact]
    public void An_ending_that_overtakes_the_check_wins()
    {
        var before = tokens.Revocations;
        tokens.Remove([Session]);

        tokens.Add("token", Somebody, Session, DateTimeOffset.MaxValue, before);

        Assert.Null(tokens.Find("token"));
    }

    [Fact]
    public void Who_cannot_hear_remembers_nothing()
    {
        tokens.Add("before", Somebody, Session, DateTimeOffset.MaxValue, tokens.Revocations);
        tokens.Enable(false);
        tokens.Add("during", Somebody, Session, DateTimeOffset.MaxValue, tokens.Revocations);
        Assert.Null(tokens.Find("before"));

        tokens.Enable(true);

        Assert.Null(tokens.Find("before"));
        Assert.Null(tokens.Find("during"));
    }

    [Fact]
    public void Memory_is_bounded()
    {
        for (var i = 0; i <= TokenCache.Capacity; i++)
            tokens.Add($"token {i}", Somebody, Session, DateTimeOffset.MaxValue, tokens.Revocations);

        Assert.Null(tokens.Find("token 0"));
        Assert.NotNull(tokens.Find($"token {TokenCache.Capacity}"));
    }
}
