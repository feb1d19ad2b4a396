using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Aurion.Web.Tools.Works;

/// <summary>A file of a piece of work; the path is relative, with / between its parts.</summary>
public sealed record WorkFile(string Path, string Text);

/// <summary>What a piece of work is made of: text files, and what its tool keeps for itself.</summary>
public sealed partial record WorkContent(IReadOnlyList<WorkFile> Files, JsonElement? State)
{
    public const int MostFiles = 100;
    public const int LongestFile = 512 * 1024;
    public const int LongestContent = 1024 * 1024;
    private const int LongestState = 256 * 1024;
    private const int LongestPath = 120;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The file that a reader opens first.</summary>
    public WorkFile? Main => Files.FirstOrDefault(file => file.Path is "index.html") ?? (Files.Count > 0 ? Files[0] : null);

    public static WorkContent Parse(string json) => JsonSerializer.Deserialize<WorkContent>(json, Json)!;

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Why it cannot be kept; null when it can. A code and its sentence in English.</summary>
    public (string Code, string Message)? Fault()
    {
        if (Files.Count > MostFiles)
            return ("TOO_MANY_FILES", "A piece of work has 100 files at most.");
        if (Files.FirstOrDefault(file => file is not { Path: not null, Text: not null } || !IsPath(file.Path)) is not null)
            return ("PATH_INVALID", "A path has letters, digits, - _ . and / between its parts; it is relative and leads nowhere else.");
        if (Files.Select(file => file.Path).Distinct(StringComparer.OrdinalIgnoreCase).Count() < Files.Count)
            return ("PATH_TWICE", "Two files have the same path.");
        if (Files.Any(file => file.Text.Length > LongestFile) || Files.Sum(file => (long)file.Text.Length) > LongestContent || State?.GetRawText().Length > LongestState)
            return ("WORK_TOO_LARGE", "A file has 512 kB at most, a piece of work 1 MB.");
        return Files.Any(file => file.Text.Contains('\0', StringComparison.Ordinal)) || (State is { } state && !IsStorable(state))
            ? ("TEXT_INVALID", "A text has a character that is none.")
            : null;
    }

    // PostgreSQL keeps neither U+0000 nor half of a character.
    private static bool IsStorable(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => !value.GetString()!.Contains('\0', StringComparison.Ordinal),
                JsonValueKind.Array => value.EnumerateArray().All(IsStorable),
                JsonValueKind.Object => value.EnumerateObject().All(member => !member.Name.Contains('\0', StringComparison.Ordinal) && IsStorable(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public static bool IsPath(string path) => path.Length <= LongestPath && Path().IsMatch(path);

    // No part begins with a dot, so there is no way up and nothing hidden.
    [GeneratedRegex(@"\A(?!.*\n)[\p{L}\p{N}_-][\p{L}\p{N}_.-]*(/[\p{L}\p{N}_-][\p{L}\p{N}_.-]*){0,8}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Path();
}
