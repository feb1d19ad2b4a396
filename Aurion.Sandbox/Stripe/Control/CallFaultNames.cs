namespace Aurion.Sandbox.Stripe.Control;

/// <summary>How people and scripts name the failures of a call.</summary>
internal static class CallFaultNames
{
    public static readonly IReadOnlyList<(CallFaultKind Kind, string Name, string Label)> All =
    [
        (CallFaultKind.Unavailable, "unavailable", "503, nothing happened"),
        (CallFaultKind.TimeOut, "time_out", "No answer, nothing happened"),
        (CallFaultKind.TimeOutAfterEffect, "time_out_after_effect", "No answer, but it took effect"),
        (CallFaultKind.AnswerLost, "answer_lost", "Connection lost after it took effect"),
        (CallFaultKind.Error, "error", "500 kept under its key, nothing happened"),
        (CallFaultKind.ErrorAfterEffect, "error_after_effect", "500 kept under its key, but it took effect"),
        (CallFaultKind.Unauthorized, "unauthorized", "401, the key was revoked"),
        (CallFaultKind.Forbidden, "forbidden", "403, the key may not do this"),
        (CallFaultKind.RateLimited, "rate_limited", "429, too many calls"),
    ];

    public static string Of(CallFaultKind kind) => All.First(k => k.Kind == kind).Name;

    public static CallFaultKind Parse(string name) => All.FirstOrDefault(k => k.Name == name) is { Name: not null } known
        ? known.Kind
        : throw new FormatException($"kind is one of {string.Join(", ", All.Select(k => k.Name))}.");
}
