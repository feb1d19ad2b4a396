using System.Globalization;
using Aurion.Data.Tools;
using Microsoft.AspNetCore.Mvc;

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

    public bool IsEmpty =>
        string.IsNullOrWhiteSpace(Search) && string.IsNullOrEmpty(Category) && Show is not (Favourites or WithinReach);

    public IEnumerable<ToolCard> Apply(IEnumerable<ToolCard> tools, int? available, ToolWords words)
    {
        var wanted = Plain.Of(Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = tools.Where(tool =>
            (string.IsNullOrEmpty(Category) || tool.Category == Category)
            && (Show != Favourites || tool.IsFavourite)
            && (Show != WithinReach || (tool.IsLaunchable && tool.Cost <= (available ?? int.MaxValue)))
            && words.Matches(tool, wanted));
        return Sort == ByCost ? found.OrderBy(tool => tool.Cost) : found;
    }
}
