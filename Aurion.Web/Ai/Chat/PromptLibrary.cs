using Aurion.Data.Ai;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Ai.Chat;

/// <summary>A prompt that can be used: one that its owner keeps, or one that everybody is offered.</summary>
/// <param name="Id">The id of a kept one, the name of an offered one.</param>
public sealed record LibraryPrompt(string Id, string Title, string Text)
{
    public IReadOnlyList<string> Variables { get; } = PromptTemplate.VariablesOf(Text);
}

/// <summary>The prompts that a person can use, and what a kept one must be like.</summary>
public sealed class PromptLibrary(SavedPromptStore store, IStringLocalizer<ChatText> text)
{
    public const int LongestTitle = 80;
    public const int LongestText = 8000;
    public const int MostVariables = 20;

    /// <summary>The most characters of a filled prompt; what a model reads of them is checked when the message is sent.</summary>
    public const int LongestFilled = 200_000;

    // What a menu shows; the page of prompts has all of them.
    private const int MostInMenu = 12;

    /// <summary>Offered to everybody, in the language of whoever asks.</summary>
    public IReadOnlyList<LibraryPrompt> Offered =>
    [
        new("translate", text["Translate a text"], text["Translate into {{language}}. Keep the tone and the layout, and answer with the translation alone: {{text}}"]),
        new("summarise", text["Summarise a text"], text["Summarise this for {{reader}} in {{number of points}} points, and end with what has to be decided: {{text}}"]),
        new("reply", text["Answer a message"], text["Write a {{tone}} answer to the message below. It has to say: {{what to say}}. The message: {{message}}"]),
        new("explain", text["Explain code"], text["Explain step by step what this code does, then name its risks and how to make it simpler: {{code}}"]),
        new("test", text["Write tests"], text["Write tests with {{framework}} for this code: the ordinary case, the limits and the errors. {{code}}"]),
    ];

    public async Task<IReadOnlyList<LibraryPrompt>> ListAsync(Guid userId, string? search, CancellationToken ct) =>
        [.. (await store.ListAsync(userId, search, ct)).Select(Of)];

    /// <summary>Those written last, then what everybody is offered.</summary>
    public async Task<IReadOnlyList<LibraryPrompt>> ListForMenuAsync(Guid userId, CancellationToken ct) =>
        [.. (await store.ListNewestAsync(userId, MostInMenu, ct)).Select(Of), .. Offered];

    /// <summary>Null when there is none such, or it is somebody else's.</summary>
    public async Task<LibraryPrompt?> FindAsync(Guid userId, string id, CancellationToken ct)
    {
        if (!Guid.TryParse(id, out var saved))
            return Offered.FirstOrDefault(prompt => prompt.Id == id);
        return await store.FindAsync(userId, saved, ct) is { } found ? Of(found) : null;
    }

    /// <summary>What a title must be mended in; null when nothing.</summary>
    public string? RefusalOfTitle(string title) => title.Length switch
    {
        0 => text["Give the prompt a title."].Value,
        > LongestTitle => text["A title has at most {0} characters; this one has {1}.", LongestTitle.Grouped(), title.Length.Grouped()].Value,
        _ => null,
    };

    /// <inheritdoc cref="RefusalOfTitle"/>
    public string? RefusalOfText(string prompt) => prompt.Length switch
    {
        0 => text["Write the text of the prompt."].Value,
        > LongestText => text["A prompt has at most {0} characters; this one has {1}.", LongestText.Grouped(), prompt.Length.Grouped()].Value,
        _ => PromptTemplate.VariablesOf(prompt).Count is var variables and > MostVariables
            ? text["A prompt has at most {0} variables; this one has {1}.", MostVariables.Grouped(), variables.Grouped()].Value
            : null,
    };

    private static LibraryPrompt Of(SavedPrompt prompt) => new(prompt.Id.ToString(), prompt.Title, prompt.Text);
}
