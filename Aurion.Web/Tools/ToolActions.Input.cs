using System.Text.Json;
using System.Text.RegularExpressions;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Tools.Works;

namespace Aurion.Web.Tools;

/// <summary>What a tool sends with an action.</summary>
public static partial class ToolActions
{
    private const int LongestCallId = 100;

    private sealed record ActionInput
    {
        public string? ToolId { get; init; }

        public string? Action { get; init; }

        public Guid? RunId { get; init; }

        public string? Purpose { get; init; }

        public IReadOnlyList<MessageInput>? Messages { get; init; }

        /// <summary>The functions that the model may call.</summary>
        public IReadOnlyList<FunctionInput>? Tools { get; init; }

        public Guid? Repairs { get; init; }

        public int? AgreedCredits { get; init; }

        /// <summary>How many calls beyond the launch an agent may make.</summary>
        public int? AgreedCalls { get; init; }

        /// <summary>The revision of the piece of work that an agent begins with.</summary>
        public int BaseRevision { get; init; }

        public bool Stream { get; init; }

        /// <summary>Makes a second sending the same picture.</summary>
        public Guid? PictureId { get; init; }

        public string? Prompt { get; init; }

        public string? Style { get; init; }

        public string? Size { get; init; }

        public WorkInput? Work { get; init; }

        public Guid? WorkId { get; init; }

        public int? Version { get; init; }

        public string? Format { get; init; }

        public string? Path { get; init; }

        /// <summary>Markdown to be shown.</summary>
        public string? Text { get; init; }

        /// <summary>Works of every tool.</summary>
        public bool All { get; init; }

        /// <summary>A file in base64.</summary>
        public string? Document { get; init; }
    }

    /// <summary>What is said; an assistant's calls of functions, or the result of one.</summary>
    private sealed record MessageInput(string? Role, string? Content, IReadOnlyList<FunctionCall>? ToolCalls, string? ToolCallId)
    {
        public bool IsValid => Role switch
        {
            "tool" => Content is not null && ToolCallId is { Length: > 0 and <= LongestCallId },
            "assistant" when ToolCalls is { Count: > 0 and <= MostFunctions } calls => calls.All(call => call is { Id.Length: > 0 and <= LongestCallId, Name.Length: > 0, Arguments: not null }),
            "system" or "user" or "assistant" => Content is { Length: > 0 },
            _ => false,
        };

        public ChatTurn Read() => new(Role!, Content ?? "") { Calls = Role == "assistant" ? ToolCalls ?? [] : [], CallId = Role == "tool" ? ToolCallId : null };
    }

    private sealed record FunctionInput(string? Name, string? Description, JsonElement Parameters)
    {
        public bool IsValid => Name is not null && FunctionName().IsMatch(Name) && Description is not null && Parameters.ValueKind == JsonValueKind.Object;

        public ModelFunction Read() => new(Name!, Description!, Parameters);
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z", RegexOptions.None, 1000)]
    private static partial Regex FunctionName();

    private sealed record WorkInput
    {
        public Guid? Id { get; init; }

        public string? Title { get; init; }

        public int BaseRevision { get; init; }

        public IReadOnlyList<WorkFile>? Files { get; init; }

        public JsonElement? State { get; init; }

        public string? Note { get; init; }

        /// <summary>Makes a version of its own that no later save overwrites.</summary>
        public bool Keep { get; init; }

        /// <summary>The person has chosen this over what another tab saved.</summary>
        public bool Force { get; init; }
    }
}
