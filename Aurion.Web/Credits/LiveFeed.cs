using System.Threading.Channels;
using Aurion.Data.Credits;

namespace Aurion.Web.Credits;

/// <summary>One tab's stream of balances; disposing it ends it and frees its place.</summary>
public sealed class LiveFeed(LiveBalances home, Guid userId, Guid? sessionId) : IDisposable
{
    // Only the newest balance matters: a slow reader skips the ones in between.
    private readonly Channel<Balance> balances = Channel.CreateBounded<Balance>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    public Guid UserId => userId;

    /// <summary>The sign-in that opened it; none for a token of another issuer, which ends by its expiry alone.</summary>
    public Guid? SessionId => sessionId;

    public ChannelReader<Balance> Balances => balances.Reader;

    public void Dispose()
    {
        balances.Writer.TryComplete();
        home.Remove(this);
    }

    internal void Push(Balance balance) => balances.Writer.TryWrite(balance);
}
