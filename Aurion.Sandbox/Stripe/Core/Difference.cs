using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>An event's <c>previous_attributes</c>: the former values of what changed; objects are compared member by member, lists as a whole.</summary>
internal static class Difference
{
    public static JsonObject Before(JsonObject before, JsonObject after)
    {
        var previous = new JsonObject();
        foreach (var name in after.Select(m => m.Key).Union(before.Select(m => m.Key)).Where(n => !n.StartsWith('_')))
        {
            var (was, isNow) = (before[name], after[name]);
            if (was is JsonObject a && isNow is JsonObject b)
            {
                if (Before(a, b) is { Count: > 0 } inner)
                    previous[name] = inner;
            }
            else if (!JsonNode.DeepEquals(was, isNow))
            {
                previous[name] = was?.DeepClone();
            }
        }
        return previous;
    }
}
