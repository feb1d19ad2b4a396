namespace Aurion.Web.Ai.Chat;

/// <summary>What a model is told before it writes a program.</summary>
public static class CodeInstructions
{
    public static IReadOnlyList<string> Languages { get; } = ["HTML", "JavaScript", "TypeScript", "Python", "C#", "Java", "Go", "Rust", "PHP", "SQL", "Bash"];

    private const string Files = """
        You write programs. Answer with complete files, each in a fenced code block of its own whose first line names the language and the
        file, as in ```html index.html. A web page needs no network: its styles and scripts are files beside it. Say in a few sentences
        what the files do and how they are run.
        """;

    /// <summary>With the person's own instructions after them.</summary>
    public static string Of(ChatTool tool, string language, string own) =>
        tool != ChatTool.Code ? own : $"{Files.ReplaceLineEndings(" ")}{(language.Length > 0 ? $" Write in {language}." : "")}\n{own}".TrimEnd();
}
