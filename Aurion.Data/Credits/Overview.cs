using Aurion.Data.Tools;

namespace Aurion.Data.Credits;

/// <summary>What the dashboard shows, read at one instant.</summary>
public sealed record Overview(
    AccountHolder Holder, Balance Balance, IReadOnlyList<DailySpend> Days, IReadOnlyList<ToolCard> Recent, IReadOnlyList<Movement> Movements);

/// <summary>Whose dashboard it is, with the tools used last and those that are open now.</summary>
public sealed record AccountHolder
{
    public string? FullName { get; init; }

    public DateTimeOffset Since { get; init; }

    public string[] Used { get; init; } = [];

    public string[] Open { get; init; } = [];
}
