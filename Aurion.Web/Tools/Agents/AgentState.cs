using System.Text.Json;
using System.Text.Json.Serialization;
using Aurion.Web.Ai.Providers;

namespace Aurion.Web.Tools.Agents;

/// <summary>What stands beside the document in an agent's piece of work; its page reads and writes the same. What only the page knows stays as it is.</summary>
public sealed class AgentState
{
    public const int MostSteps = 30;
    private const int LongestGoal = 4000;
    public const int LongestStep = 400;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public required string Goal { get; set; }

    public required IReadOnlyList<AgentStep> Steps { get; set; }

    /// <summary>The step that is being carried out, and what was said in it.</summary>
    public AgentTurn? At { get; set; }

    /// <summary>Answered calls of the model.</summary>
    public int Used { get; set; }

    /// <summary>Credits beyond the launch.</summary>
    public int Paid { get; set; }

    /// <summary>The document is marked as a machine's work.</summary>
    public bool Machine { get; set; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement> Others { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>Null when it is none that can be carried out.</summary>
    public static AgentState? Read(JsonElement? state)
    {
        try
        {
            var read = state?.Deserialize<AgentState>(Json);
            return read is { Goal: { } goal, Steps: { Count: <= MostSteps } steps } && goal.Trim().Length is > 0 and <= LongestGoal
                && steps.All(step => step is { Text.Length: <= LongestStep }) && read.At?.IsValid != false ? read : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public JsonElement Write() => JsonSerializer.SerializeToElement(this, Json);
}

/// <summary>One step of the plan, with what came out and what was done for it.</summary>
public sealed class AgentStep
{
    public required string Text { get; init; }

    public bool IsDone { get; set; }

    public string? Outcome { get; set; }

    public IReadOnlyList<AgentDeed>? Log { get; set; }
}

/// <summary>A function that was called, with the beginning of what it was given and of its result.</summary>
public sealed record AgentDeed(string Name, string Given, string Result);

/// <summary>What the model has said and read in a step. Seen: each call of a function, to notice one that comes back.</summary>
public sealed class AgentTurn
{
    public required int Step { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<AgentMessage> Said { get; set; }

    public required IReadOnlyList<string> Seen { get; set; }

    public int Calls { get; set; }

    /// <summary>Pictures that the model asks for and has no result of yet.</summary>
    public IReadOnlyList<AgentPicture>? Pictures { get; set; }

    /// <summary>Those that were drawn.</summary>
    public IReadOnlyList<AgentDrawing>? Drawn { get; set; }

    [JsonIgnore]
    public bool IsValid => Text is not null && Seen?.Contains(null!) == false && Said?.All(message => message is { IsValid: true }) == true
        && Pictures?.All(picture => picture is { CallId: not null, Prompt: not null, Size: not null }) != false && Drawn?.All(drawing => drawing is { Prompt: not null }) != false;
}

/// <summary>A picture that the model asks for. Its id, which is that of its batch, makes a second attempt the same picture.</summary>
public sealed record AgentPicture(Guid Id, string CallId, string Prompt, string Size);

/// <summary>A picture that was drawn, by its own id.</summary>
public sealed record AgentDrawing(Guid Id, string Prompt);

/// <summary>An answer of the model with the functions that it calls, or the result of one of them.</summary>
public sealed record AgentMessage(string Role, string? Content, IReadOnlyList<FunctionCall>? ToolCalls, string? ToolCallId)
{
    [JsonIgnore]
    public bool IsValid => Role switch
    {
        "tool" => Content is not null && ToolCallId is not null,
        "assistant" => ToolCalls?.All(call => call is { Id: not null, Name: not null, Arguments: not null }) == true,
        _ => false,
    };

    public ChatTurn Turn => new(Role, Content ?? "") { Calls = ToolCalls ?? [], CallId = ToolCallId };
}
