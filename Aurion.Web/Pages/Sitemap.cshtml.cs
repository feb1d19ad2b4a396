using Aurion.Data.Tools;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages;

/// <summary>The public pages, and that of each tool.</summary>
public sealed class SitemapModel(CatalogueStore catalogue, SiteOptions site) : PageModel
{
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        var tools = await catalogue.ListAsync(ct);
        Addresses = [.. PublicPages.Paths.Concat(tools.Select(tool => $"{PublicPages.Tools}/{tool.Id}")).Select(path => site.PublicOrigin + path)];
        var page = Page();
        page.ContentType = "application/xml; charset=utf-8";
        return page;
    }
}
