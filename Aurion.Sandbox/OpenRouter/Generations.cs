using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>OpenRouter's record of each call; it can be read a moment after the end, not before.</summary>
internal sealed class Generations
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(400);

    private readonly ConcurrentDictionary<string, (long At, JsonObject Body)> known = new();

    public void Keep(string id, JsonObject body) => known[id] = (Environment.TickCount64, body);

    public JsonObject? Find(string id) =>
        known.TryGetValue(id, out var kept) && Environment.TickCount64 - kept.At >= Delay.TotalMilliseconds ? kept.Body.DeepClone().AsObject() : null;
}
