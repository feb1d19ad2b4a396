namespace Aurion.Web.Ai.Chat;

/// <summary>A tool whose work is a conversation with a model.</summary>
/// <param name="Home">The address of its page.</param>
/// <param name="LengthTimes">How many times as long as in the chat an answer may be.</param>
public sealed record ChatTool(string Id, string Home, int LengthTimes)
{
    public static readonly ChatTool Chat = new("ai-chat", "/chat", 1);
    public static readonly ChatTool Code = new("code-generation", "/code", 4);

    public static IReadOnlyList<ChatTool> All { get; } = [Chat, Code];

    public static IReadOnlyList<string> Ids { get; } = [.. All.Select(tool => tool.Id)];

    /// <summary>The chat for an id that is none of these.</summary>
    public static ChatTool Of(string? id) => All.FirstOrDefault(tool => tool.Id == id) ?? Chat;
}
