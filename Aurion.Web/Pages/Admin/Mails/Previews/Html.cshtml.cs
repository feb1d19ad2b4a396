using Aurion.Web.Account;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Admin.Mails.Previews;

/// <summary>The HTML of an example exactly as it is sent. E-mails carry their styles in each element, which no other page may do: nothing else is allowed here.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class HtmlModel(EmailKinds kinds, EmailRenderer renderer) : PageModel
{
    private static readonly ContentPolicy Policy = new("default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'");

    public async Task<IActionResult> OnGetAsync(string kind, int form, string language)
    {
        var facts = kinds.All.FirstOrDefault(known => known.Name == kind)?.Examples.ElementAtOrDefault(form);
        if (facts is null || !Localization.IsSupported(language))
            return NotFound();
        HttpContext.Features.Set(Policy);
        return Content(await renderer.HtmlAsync(kinds.Write(kind, facts, language, Zone.Name)!), "text/html; charset=utf-8");
    }
}
