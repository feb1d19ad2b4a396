using System.Text;
using System.Text.RegularExpressions;
using Aurion.Data.Ai;
using Aurion.Web.Ai.Providers;

namespace Aurion.Web.Ai.Chat;

/// <summary>What is sent to a model: instructions, then as much of the conversation as it can read, its end first.</summary>
/// <param name="MostTokens">Never less than the provider counts for such text.</param>
/// <param name="LikelyTokens">For a settlement without the provider's figures.</param>
public sealed partial record Prompt(IReadOnlyList<ChatTurn> Turns, int MostTokens, int LikelyTokens)
{
    // Every provider wraps a message in a few tokens of its own.
    private const int PerTurn = 8;

    /// <summary>The characters that are safe, whatever they are: three bytes a token, three bytes a character at most.</summary>
    public static int CharactersOf(ModelOffer model) => Room(model) - PerTurn;

    /// <summary>Null when the last message alone is more than the model reads.</summary>
    public static Prompt? Create(string instructions, IEnumerable<ChatMessage> history, string? question, ModelOffer model)
    {
        var turns = history.Where(message => message.Content.Length > 0).Select(message => new ChatTurn(message.IsAnswer ? "assistant" : "user", message.Content)).ToList();
        if (question is not null)
            turns.Add(new ChatTurn("user", question));
        List<ChatTurn> chosen = instructions.Length > 0 ? [new ChatTurn("system", instructions)] : [];
        var (first, tokens) = (chosen.Count, chosen.Sum(MostTokensOf));
        for (var i = turns.Count - 1; i >= 0 && tokens + MostTokensOf(turns[i]) <= Room(model); i--)
        {
            chosen.Insert(first, turns[i]);
            tokens += MostTokensOf(turns[i]);
        }
        return chosen.Count == first ? null : new Prompt(chosen, tokens, chosen.Sum(turn => Encoding.UTF8.GetByteCount(turn.Content) / 4 + PerTurn));
    }

    /// <summary>What the next message would send besides itself.</summary>
    public static int MostTokensOf(string instructions, IEnumerable<ChatMessage> history) =>
        history.Select(message => message.Content).Append(instructions).Sum(MostTokensOf);

    /// <summary>Text as it can be stored and read: control characters and what is no character are gone, line ends are one sign.</summary>
    public static string Clean(string? text) =>
        Unwanted().Replace((text ?? "").Normalized(NormalizationForm.FormC).ReplaceLineEndings("\n"), "").Trim();

    private static int Room(ModelOffer model) => model.ContextTokens - model.AnswerTokens;

    private static int MostTokensOf(ChatTurn turn) => MostTokensOf(turn.Content);

    private static int MostTokensOf(string text) => text.Length == 0 ? 0 : (Encoding.UTF8.GetByteCount(text) + 2) / 3 + PerTurn;

    // Directional overrides would show a text otherwise than it reads.
    [GeneratedRegex(@"[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069\uFEFF-[\n\t]]", RegexOptions.None, 1000)]
    private static partial Regex Unwanted();
}
