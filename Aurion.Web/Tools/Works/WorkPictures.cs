using System.Text.RegularExpressions;
using Aurion.Web.Ai.Images;

namespace Aurion.Web.Tools.Works;

/// <summary>Pictures that a text shows as <c>![what it shows](picture:id)</c>: its person's own, which no address of the network leads to.</summary>
public sealed partial class WorkPictures(PictureArchive archive)
{
    private const string Scheme = "picture:";
    private const int MostInAText = 20;

    /// <summary>A picture as Markdown shows it.</summary>
    public static string Write(Guid id, string what) => $"![{Unsafe().Replace(what, " ").Trim()}]({Scheme}{id})";

    /// <summary>Whether a text shows it somewhere.</summary>
    public static bool Shows(string text, Guid id) => text.Contains($"({Scheme}{id})", StringComparison.Ordinal);

    /// <summary>Those that a text shows and that are there; with <paramref name="isSmall"/>, of 640 pixels at most.</summary>
    public Task<IReadOnlyDictionary<Guid, byte[]>> ReadAsync(Guid userId, string text, bool isSmall, CancellationToken ct) =>
        ReadAsync(userId, [text], isSmall, ct);

    /// <summary>Those of several texts, read in one query.</summary>
    public Task<IReadOnlyDictionary<Guid, byte[]>> ReadAsync(Guid userId, IEnumerable<string> texts, bool isSmall, CancellationToken ct) =>
        archive.ListAsync(userId, [.. texts.SelectMany(text => IdsIn(text).Distinct().Take(MostInAText)).Distinct()], isSmall ? "thumbnail" : "picture", ct);

    /// <summary>The picture itself as an address that a page may show; null for what is none of these.</summary>
    public static string? Inside(IReadOnlyDictionary<Guid, byte[]> pictures, string url) =>
        Find(pictures, url) is { } content ? InsideOf(content) : null;

    public static string InsideOf(byte[] content) => $"data:image/jpeg;base64,{Convert.ToBase64String(content)}";

    /// <summary>The picture that an address of a text means.</summary>
    public static byte[]? Find(IReadOnlyDictionary<Guid, byte[]> pictures, string? url) =>
        url?.StartsWith(Scheme, StringComparison.Ordinal) == true && Guid.TryParse(url.AsSpan(Scheme.Length), out var id) ? pictures.GetValueOrDefault(id) : null;

    /// <summary>The text with another address for each of its pictures; of one without, the words are left.</summary>
    public static string Replace(string text, Func<Guid, string?> addressOf) => Shown().Replace(text, match =>
        addressOf(Guid.Parse(match.Groups["id"].Value)) is { } address ? $"![{match.Groups["what"].Value}]({address})" : match.Groups["what"].Value);

    private static IEnumerable<Guid> IdsIn(string text) => Shown().Matches(text).Select(match => Guid.Parse(match.Groups["id"].Value));

    [GeneratedRegex(@"!\[(?<what>[^\[\]\n]*)\]\(picture:(?<id>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shown();

    [GeneratedRegex(@"[\[\]\\<>*_`~\s]+", RegexOptions.None, 1000)]
    private static partial Regex Unsafe();
}
