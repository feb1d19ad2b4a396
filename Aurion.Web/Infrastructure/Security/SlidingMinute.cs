namespace Aurion.Web.Infrastructure.Security;

/// <summary>Never more than N permits in any 60 seconds, and it knows exactly when the next one is free.</summary>
internal sealed class SlidingMinute(int permits)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Queue<long> granted = new();
    private bool retired;

    /// <summary>Zero when a permit was taken, else the wait for the next; null once this counter is retired and another one counts.</summary>
    public TimeSpan? Take(long now)
    {
        lock (granted)
        {
            if (retired)
                return null;
            Forget(now);
            if (granted.Count >= permits)
                return granted.TryPeek(out var oldest) ? TimeSpan.FromTicks(oldest - now) + Window : Window;
            granted.Enqueue(now);
            return TimeSpan.Zero;
        }
    }

    /// <summary>True when nothing counts any more; nothing can be taken here from then on.</summary>
    public bool TryRetire(long now)
    {
        lock (granted)
        {
            Forget(now);
            return retired |= granted.Count == 0;
        }
    }

    // A clock that was set back must not keep anybody out for longer than a minute.
    private void Forget(long now)
    {
        while (granted.TryPeek(out var oldest) && (now - oldest >= Window.Ticks || now < oldest))
            granted.Dequeue();
    }
}
