using Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing;

internal static class PaymentRedirect
{
    /// <summary>Leaves for another page, whether the form was sent by htmx or by the browser.</summary>
    public static IActionResult GoTo(this PageModel page, string url)
    {
        if (!page.Request.IsHtmx())
            return new RedirectResult(url);
        page.Response.Htmx(h => h.Redirect(url));
        return new NoContentResult();
    }
}
