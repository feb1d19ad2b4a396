using Aurion.Data.Credits;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Credits.Ledger;

/// <summary>What a tool or plan is called in the reader's language, by its English name; the feature that has the words registers it.</summary>
public delegate string SubjectName(string english);

/// <summary>Why a tool's run ended otherwise than complete, in the reader's language; the feature that has the runs registers it.</summary>
public delegate string RunReason(string toolId, string code);

/// <summary>What a row of the ledger is called; an action that is not known yet keeps its own name.</summary>
public sealed class MovementWords(IStringLocalizer<CreditsText> text, SubjectName nameOf, RunReason reasonOf)
{
    private const string RunPrefix = "use_tool_";

    public string Of(Movement movement)
    {
        var subject = movement.Subject is { } name ? nameOf(name) : null;
        return movement.Action switch
        {
            "credits_granted" => text["Credits of the {0} plan", subject ?? ""],
            "plan_upgraded" => text["{0} plan begins", subject ?? ""],
            "plan_downgraded" => text["Change to the {0} plan", subject ?? ""],
            "plan_cancelled" => text["Plan ended"],
            "credits_reset" => text["Monthly credits"],
            "credits_purchased" => text["Credit pack"],
            "credits_topped_up" => text["Automatic top-up"],
            "credits_clawed_back" => text["Taken back after a refund"],
            "credits_restored" => text["Given back: a refund or dispute was undone"],
            "credits_expired" => text["Credits expired"],
            "credit_refund" => subject is null ? text["Refund"] : text["Refund: {0}", subject],
            "manual_adjustment" => text["Adjustment"],
            var action when action.StartsWith("launch_tool_", StringComparison.Ordinal) => text["{0} launched", subject ?? action],
            var action when action.StartsWith(RunPrefix, StringComparison.Ordinal) => movement.Delta == 0 ? text["{0}: not charged", subject ?? action] : text["{0} used", subject ?? action],
            var action => subject ?? action.Replace('_', ' '),
        };
    }

    /// <summary>A run has a code for it; an administrator has written a sentence.</summary>
    public string Reason(Movement movement, string reason) =>
        movement.Action.StartsWith(RunPrefix, StringComparison.Ordinal) ? reasonOf(movement.Action[RunPrefix.Length..], reason) : reason;

    public string Kind(LedgerKind kind) => kind switch
    {
        LedgerKind.Spent => text["Spent"],
        LedgerKind.Refunds => text["Refunds"],
        LedgerKind.Received => text["Received"],
        LedgerKind.Adjustments => text["Adjustments"],
        _ => text["All movements"],
    };

    public string Source(string source) => source switch
    {
        "plan" => text["Credits of the plan"],
        "pack" => text["Credit pack"],
        "promotion" => text["Promotional credits"],
        "compensation" => text["Compensation"],
        "refund" => text["Refunded credits"],
        _ => text["Bonus credits"],
    };
}
