using Aurion.Data.Tools;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Credits;

namespace Aurion.Web.Tools.Calls;

/// <summary>A call of a model that a tool asks for.</summary>
public sealed record ToolCall
{
    /// <summary>Makes a retry safe.</summary>
    public required Guid Id { get; init; }

    /// <summary>A word of the tool's own, for receipts and figures.</summary>
    public required string Purpose { get; init; }

    public required IReadOnlyList<ChatTurn> Turns { get; init; }

    /// <summary>What the model may call.</summary>
    public IReadOnlyList<ModelFunction> Functions { get; init; } = [];

    /// <summary>The run whose mistake this repairs, which is free.</summary>
    public Guid? Repairs { get; init; }

    /// <summary>What the person agreed to pay for a call beyond the budget.</summary>
    public int? AgreedCredits { get; init; }
}

/// <summary>What became of it. Nothing was charged unless it is <see cref="Started"/>.</summary>
public abstract record ToolCallResult
{
    public sealed record Started(ToolRunning Run, int CallsLeft) : ToolCallResult;

    /// <summary>This id was used before: its run as it stands.</summary>
    public sealed record Known(ToolRun Run) : ToolCallResult;

    public sealed record SessionExpired : ToolCallResult;

    /// <summary>Too many at this moment.</summary>
    public sealed record Busy : ToolCallResult;

    /// <summary>The tool has no model.</summary>
    public sealed record Unavailable : ToolCallResult;

    /// <summary>More than the tool's limit of tokens.</summary>
    public sealed record TooLong : ToolCallResult;

    /// <summary>A further call costs so many credits, and the person has not agreed to that.</summary>
    public sealed record BudgetSpent(int Price) : ToolCallResult;

    /// <summary>What it repairs is no run of this session, or was repaired twice.</summary>
    public sealed record NoRepair : ToolCallResult;

    public sealed record CreditsExhausted(int Required, int Available) : ToolCallResult;

    public sealed record AccountFrozen(int Required, int Available) : ToolCallResult;

    /// <summary>The owner's own cap has too little left.</summary>
    public sealed record CapReached(ReachedCap Cap) : ToolCallResult;
}
