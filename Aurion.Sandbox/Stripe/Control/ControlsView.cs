using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Stripe.Control;

/// <summary>What the controls' page shows.</summary>
/// <param name="AfterLastTry">What becomes of a subscription when a renewal's last retry has failed: a key of <c>AccountSettings.Choices</c>.</param>
public sealed record ControlsView(
    Faults Faults, bool CanAdvance, long Now, int Pending, IReadOnlyList<JsonObject> Charges, IReadOnlyList<ComingRenewal> Renewals, string AfterLastTry);

/// <summary>When somebody's paid period ends.</summary>
public sealed record ComingRenewal(string Email, long At);
