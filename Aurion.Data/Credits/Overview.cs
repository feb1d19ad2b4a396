using Aurion.Data.Tools;

namespace Aurion.Data.Credits;

/// <summary>What the dashboard shows, read at one instant.</summary>
public sealed record Overview(
    AccountHolder Holder, Balance Balance, IReadOnlyList<DailySpend> Days, IReadOnlyList<ToolCard> Recent, IReadOnlyList<Movement> Movements);

public sealed record AccountHolder(string? FullName, DateTimeOffset Since);
