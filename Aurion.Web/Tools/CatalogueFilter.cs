using Aurion.Data.Tools;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Aurion.Web.Tools;

/// <summary>What the address of the catalogue asks for; anything it does not know is ignored.</summary>
public sealed class CatalogueFilter
{
    public const string Favourites = "favourites";
    public const string WithinReach = "reach";
    public const string ByCost = "cost";

    [FromQuery(Name = "q")]
    public string? Search { get; set; }

    [FromQuery(Name = "category")]
    public string? Category { get; set; }

    [FromQuery(Name = "show")]
    public string? Show { get; set; }

    [FromQuery(Name = "sort")]
    public string? Sort { get; set; }

    /// <summary>The address that asks for just this.</summary>
    public string Url => QueryHelpers.AddQueryString("/tools",
        new[] { ("q", Search?.Trim()), ("category", Category), ("show", Show), ("sort", Sort) }
            .Where(part => !string.IsNullOrEmpty(part.Item2))
            .Select(part => KeyValuePair.Create(part.Item1, part.Item2)));

    /// <param name="available">The reader's credits; null for a visitor, who is within reach of everything.</param>
    public IReadOnlyList<ToolCard> Apply(IEnumerable<ToolCard> tools, int? available, ToolWords words)
    {
        var wanted = SearchText.Normalize(Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = tools.Where(tool =>
            (string.IsNullOrEmpty(Category) || tool.Category == Category)
            && (Show != Favourites || tool.IsFavourite)
            && (Show != WithinReach || (tool.IsLaunchable && !(tool.Cost > available)))
            && words.Matches(tool, wanted));
        return [.. Sort == ByCost ? found.OrderBy(tool => tool.Cost) : found];
    }
}
