using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Seed;

/// <summary>What a look at Stripe showed at some time, in the words that apply_stripe_snapshot() reads.</summary>
internal sealed record StripeMoment(DateTimeOffset At, JsonObject Snapshot);
