using Aurion.Data.Credits;

namespace Aurion.Data.Tools;

/// <summary>Everything the page of one tool shows to one person.</summary>
/// <param name="StateAfter">"out", "low" or "": how the balance would be spoken of after a launch.</param>
public sealed record LaunchPage(
    ToolCard Tool, Balance Balance, OpenSession? Open, DateTimeOffset? LastExpired, string StateAfter, PlanOffer? Upgrade, IReadOnlyList<ToolCard> Launchable);

/// <summary>A session of the tool that is running.</summary>
public sealed record OpenSession(Guid Id, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt, int Paid);

/// <summary>The cheapest plan above the reader's own whose credits pay for the tool.</summary>
public sealed record PlanOffer(string Plan, string Name, int MonthlyCents, int Credits);
