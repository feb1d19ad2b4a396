using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>
/// What the last message asks to go wrong, by a word that starts with <c>fail:</c>.
/// Refusals before the first byte: <c>401 402 402:key 402:inflight 403 403:guardrail 408 413 429 500 502 503 524 529</c>;
/// <c>once:503</c> refuses the first call of a message and serves the next.
/// Streams: <c>after:3</c> sends an error event after three pieces, <c>cut:3</c> breaks the connection, <c>end:3</c> ends without a
/// finish, <c>hang:3</c> falls silent; <c>silence</c> never sends a header. Answers: <c>blank</c>, <c>filter</c> (refused content),
/// <c>garbage</c> (no JSON), <c>half</c> (a file that stops), <c>edit</c> (an edit that fits nothing), <c>slow</c>, <c>nousage</c>; an agent's stand in <see cref="Agent"/>.
/// </summary>
internal sealed partial record Trouble(string What, int Number)
{
    private static readonly Trouble None = new("", 0);

    public bool Is(string what) => What == what;

    /// <summary>The number of pieces after which this happens; null when it does not.</summary>
    public int? After(string what) => What == what ? Number : null;

    public static Trouble In(string prompt)
    {
        var match = Word().Match(prompt);
        if (!match.Success)
            return None;
        var words = match.Groups["words"].Value.Split(':');
        return int.TryParse(words[0], CultureInfo.InvariantCulture, out var status)
            ? new Trouble(words.Length > 1 ? words[1] : "refuse", status)
            : new Trouble(words[0], words.Length > 1 && int.TryParse(words[1], CultureInfo.InvariantCulture, out var n) ? n : 0);
    }

    /// <summary>The refusal that is asked for, or null.</summary>
    public ApiError? Refusal => What is not ("refuse" or "key" or "inflight" or "guardrail") ? null : Number switch
    {
        401 => new ApiError(401, "User not found.", "authentication"),
        402 when What == "key" => Dry("openrouter_key_limit", "This request requires more credits, or fewer max_tokens. The key's limit is exhausted."),
        402 when What == "inflight" => new ApiError(402, "Running requests fill the spending budget of this account.", "in_flight_budget_exhausted",
            new JsonObject { ["limit_source"] = "openrouter_in_flight_budget" }, RetryAfter: 1, Retryable: true),
        402 => Dry("openrouter_credits", "Insufficient credits. Add more using https://openrouter.ai/settings/credits"),
        403 when What == "guardrail" => new ApiError(403, "A guardrail of the account blocked the request.", "guardrail_blocked"),
        403 => new ApiError(403, "The input was flagged by moderation.", "content_policy_violation", new JsonObject
        {
            ["reasons"] = new JsonArray("violence"),
            ["flagged_input"] = "…",
            ["provider_name"] = "Sandbox",
        }),
        408 => new ApiError(408, "Request timed out", "timeout", Retryable: true),
        413 => new ApiError(413, "Request body too large", "payload_too_large"),
        429 => new ApiError(429, "Rate limit exceeded: limit_rpm", "rate_limit_exceeded", RetryAfter: 7, Retryable: true),
        500 => new ApiError(500, "Internal Server Error", "server_error", Retryable: true),
        502 => new ApiError(502, "Provider returned error", "provider_error", new JsonObject { ["provider_name"] = "Sandbox", ["raw"] = "upstream connect error" }, Retryable: true),
        503 => new ApiError(503, "No allowed providers are available for the selected model.", "no_provider_available", RetryAfter: 1, Retryable: true),
        524 => new ApiError(524, "Provider timed out", "timeout", Retryable: true),
        529 => new ApiError(529, "Provider overloaded", "provider_overloaded", Retryable: true),
        _ => null,
    };

    public static ApiError Dry(string source, string message) => new(402, message, "payment_required", new JsonObject { ["limit_source"] = source });

    [GeneratedRegex(@"\bfail:(?<words>[a-z0-9]+(:[a-z0-9]+)?)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
