namespace Aurion.Sandbox.Freepik;

/// <summary>So many calls in each minute.</summary>
internal sealed class RateLimit(TimeProvider clock, int calls)
{
    private readonly Lock door = new();
    private readonly Queue<DateTimeOffset> taken = new();

    public bool Takes()
    {
        var now = clock.GetUtcNow();
        lock (door)
        {
            while (taken.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromMinutes(1))
                taken.Dequeue();
            if (taken.Count >= calls)
                return false;
            taken.Enqueue(now);
            return true;
        }
    }
}
