using Aurion.Data.Tools;
using Aurion.Web.Account;
using Aurion.Web.Credits;
using Aurion.Web.Infrastructure.Pages;
using Aurion.Web.Tools;
using Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Tools;

/// <summary>The catalogue: every tool with its price, searched and sorted by the address alone.</summary>
[SameForVisitors]
public sealed class IndexModel(CatalogueStore catalogues, CatalogueGroupRead own, BalanceFrame frame, ToolWords words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public CatalogueFilter Filter { get; set; } = new();

    public required Catalogue Catalogue { get; set; }

    public required IReadOnlyList<ToolCard> Found { get; set; }

    public int? Available => Catalogue.Balance?.Available;

    public bool IsVisitor => Catalogue.Balance is null;

    public IEnumerable<string> Categories => Catalogue.Tools.Select(tool => tool.Category).Distinct();

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        Catalogue = User.FindId() is { } userId
            ? await own.ReadAsync(userId, ct)
            : new Catalogue(null, await catalogues.ListAsync(ct));
        Found = Filter.Apply(Catalogue.Tools, Available, words);
        if (Catalogue.Balance is { } balance)
            frame.Show(HttpContext, balance);
        if (!Request.IsHtmx())
            return Page();

        Response.Htmx(answer => answer.ReplaceUrl(Filter.Url));
        return Partial("_Catalogue", this);
    }
}
