namespace Aurion.Web.Ai.Providers;

/// <summary>One call of a model. Prices in micro-dollars for a million tokens: the provider must not take more.</summary>
public sealed record ChatRequest
{
    public required string Model { get; init; }

    public required IReadOnlyList<ChatTurn> Turns { get; init; }

    public required int LongestAnswer { get; init; }

    public required long MostPromptPrice { get; init; }

    public required long MostCompletionPrice { get; init; }

    /// <summary>Tells one person's calls from another's without naming them, so that abuse falls on one.</summary>
    public required string User { get; init; }
}

/// <summary>A message as the provider reads it; the role is system, user or assistant.</summary>
public sealed record ChatTurn(string Role, string Content);
