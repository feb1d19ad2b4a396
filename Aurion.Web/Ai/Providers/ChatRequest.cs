using System.Text.Json;

namespace Aurion.Web.Ai.Providers;

/// <summary>One call of a model. Prices in micro-dollars for a million tokens: the provider must not take more.</summary>
public sealed record ChatRequest
{
    public required string Model { get; init; }

    public required IReadOnlyList<ChatTurn> Turns { get; init; }

    public required int LongestAnswer { get; init; }

    public required long MostPromptPrice { get; init; }

    public required long MostCompletionPrice { get; init; }

    /// <summary>What the model may call; it answers with the calls, and reads the results in further turns.</summary>
    public IReadOnlyList<ModelFunction> Functions { get; init; } = [];

    /// <summary>Tells one person's calls from another's without naming them, so that abuse falls on one.</summary>
    public required string User { get; init; }
}

/// <summary>A message as the provider reads it; the role is system, user, assistant or tool (the result of the call that it names).</summary>
public sealed record ChatTurn(string Role, string Content)
{
    public IReadOnlyList<FunctionCall> Calls { get; init; } = [];

    public string? CallId { get; init; }

    /// <summary>JPEG files that go with it.</summary>
    public IReadOnlyList<byte[]> Pictures { get; init; } = [];
}

/// <summary>A function that a model may call; its parameters are a JSON schema.</summary>
public sealed record ModelFunction(string Name, string Description, JsonElement Parameters);

/// <summary>A call of a function; the arguments are what the model wrote, JSON in most cases.</summary>
public sealed record FunctionCall(string Id, string Name, string Arguments);
