using System.Collections.Concurrent;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>What the stand-in keeps between calls.</summary>
internal sealed class World(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, byte> seen = new(StringComparer.Ordinal);
    private int calls;

    public TimeProvider Clock => clock;

    public Account Account { get; } = new();

    public Models Models { get; } = new();

    public Generations Generations { get; } = new();

    public int Calls => Volatile.Read(ref calls);

    public string LastRequest { get; private set; } = "";

    public void Note(string request)
    {
        Interlocked.Increment(ref calls);
        LastRequest = request;
    }

    public bool IsFirst(string prompt) => seen.TryAdd(prompt, 0);
}
