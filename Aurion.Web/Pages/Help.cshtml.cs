using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages;

/// <summary>What people ask, and where to write.</summary>
[SameForVisitors]
public sealed class HelpModel(SiteOptions site) : PageModel
{
    /// <summary>Null until the operator has named an address.</summary>
    public string? Contact => site.Contact;
}
