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
    /// <param name="attached">What goes with the messages of the history, and, without a message, with the question.</param>
    public static Prompt? Create(string instructions, IEnumerable<ChatMessage> history, string? question, ModelOffer model, IReadOnlyList<AttachedContent> attached)
    {
        var files = attached.ToLookup(file => file.MessageId);
        var turns = history.Where(message => message.Content.Length > 0).Select(message => TurnOf(message.IsAnswer ? "assistant" : "user", message.Content, files[message.Id], model)).ToList();
        if (question is not null)
            turns.Add(TurnOf("user", question, files[null], model));
        List<ChatTurn> chosen = instructions.Length > 0 ? [new ChatTurn("system", instructions)] : [];
        var (first, tokens) = (chosen.Count, chosen.Sum(turn => MostTokensOf(turn, model)));
        for (var i = turns.Count - 1; i >= 0 && tokens + MostTokensOf(turns[i], model) <= Room(model); i--)
        {
            chosen.Insert(first, turns[i]);
            tokens += MostTokensOf(turns[i], model);
        }
        return chosen.Count == first ? null : new Prompt(chosen, tokens, chosen.Sum(turn => Encoding.UTF8.GetByteCount(turn.Content) / 4 + PerTurn + turn.Pictures.Count * (model.PictureTokens ?? 0)));
    }

    /// <summary>The most that the text of a file takes.</summary>
    public static int TokensOfFile(string name, string text) => MostTokensOf(TextOf(name, text));

    // A model that sees no pictures is told that there was one.
    private static ChatTurn TurnOf(string role, string content, IEnumerable<AttachedContent> files, ModelOffer model)
    {
        var (text, pictures) = (new StringBuilder(content), new List<byte[]>());
        foreach (var file in files)
        {
            if (!file.IsPicture)
                text.Append(TextOf(file.Name, file.Text));
            else if (model.PictureTokens is null)
                text.Append(TextOf(file.Name, "(a picture)"));
            else
                pictures.Add(file.Picture!);
        }
        return new ChatTurn(role, text.ToString()) { Pictures = pictures };
    }

    private static string TextOf(string name, string text) => $"\n\n[{name}]\n{text}";

    /// <summary>What the next message would send besides itself.</summary>
    public static int MostTokensOf(string instructions, IEnumerable<ChatMessage> history) =>
        history.Select(message => message.Content).Append(instructions).Sum(MostTokensOf);

    /// <summary>Text as it can be stored and read: control characters and what is no character are gone, line ends are one sign.</summary>
    public static string Clean(string? text) =>
        Unwanted().Replace((text ?? "").Normalized(NormalizationForm.FormC).ReplaceLineEndings("\n"), "").Trim();

    private static int Room(ModelOffer model) => model.ContextTokens - model.AnswerTokens;

    private static int MostTokensOf(ChatTurn turn, ModelOffer model) => MostTokensOf(turn.Content) + turn.Pictures.Count * (model.PictureTokens ?? 0);

    private static int MostTokensOf(string text) => text.Length == 0 ? 0 : (Encoding.UTF8.GetByteCount(text) + 2) / 3 + PerTurn;

    // Directional overrides would show a text otherwise than it reads.
    [GeneratedRegex(@"[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069\uFEFF-[\n\t]]", RegexOptions.None, 1000)]
    private static partial Regex Unwanted();
}
