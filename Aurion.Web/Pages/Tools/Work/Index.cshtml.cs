using Aurion.Data.Tools;
using Aurion.Web.Tools.Works;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace Aurion.Web.Pages.Tools.Work;

/// <summary>Everything that a person has made in embedded tools.</summary>
[Authorize]
public sealed class IndexModel(WorkStore works) : PageModel
{
    private const int LongestSearch = 100;
    private const int LastPage = 100;

    [FromQuery(Name = "q")]
    public string? Search { get; set; }

    [FromQuery(Name = "tool")]
    public string? Tool { get; set; }

    [FromQuery(Name = "page")]
    public int Number { get; set; } = 1;

    public IReadOnlyList<WorkLine> Lines { get; private set; } = [];

    public IReadOnlyList<(string ToolId, string ToolName, int Count)> Counts { get; private set; } = [];

    public bool HasMore { get; private set; }

    public int All => Counts.Sum(count => count.Count);

    public async Task OnGetAsync(CancellationToken ct)
    {
        Search = Search?.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 and <= LongestSearch } search ? search : null;
        Number = Math.Clamp(Number, 1, LastPage);
        Counts = await works.CountAsync(User.Id(), ct);
        Tool = Counts.Any(count => count.ToolId == Tool) ? Tool : null;
        var found = await works.ListAsync(User.Id(), Tool, Search, (Number - 1) * WorkStore.PerPage, ct);
        (Lines, HasMore) = ([.. found.Take(WorkStore.PerPage)], found.Count > WorkStore.PerPage);
    }

    /// <summary>The address of this list, changed in one thing.</summary>
    public string AddressOf(string? tool, int page) => QueryHelpers.AddQueryString("/work",
        new[] { ("q", Search), ("tool", tool), ("page", page > 1 ? page.ToString(null, null) : null) }
            .Where(part => part.Item2 is not null).Select(part => KeyValuePair.Create(part.Item1, part.Item2)));

    /// <summary>The first words, as much as a card shows.</summary>
    public static string Excerpt(string json)
    {
        var text = WorkContent.Parse(json).Main?.Text ?? "";
        return text.Length > 260 ? text[..260] : text;
    }
}
