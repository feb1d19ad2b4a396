using System.Globalization;
using Aurion.Web.Account;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Admin.Mails.Previews;

/// <summary>One kind of e-mail in each of its forms, in both languages: the HTML in a frame without any rights, and the text.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class KindModel(EmailKinds kinds) : PageModel
{
    public EmailKind Kind { get; private set; } = null!;

    public IEnumerable<(int Form, IEnumerable<(CultureInfo Culture, Email Email)> Examples)> Forms => Kind.Examples.Select((facts, form) =>
        (form, Localization.Cultures.Select(culture => (culture, kinds.Write(Kind.Name, facts, culture.Name, Zone.Name)!))));

    public IActionResult OnGet(string kind)
    {
        if (kinds.All.FirstOrDefault(known => known.Name == kind) is not { } found)
            return NotFound();
        Kind = found;
        HttpContext.Features.Set(new FramedOrigin("'self'"));
        return Page();
    }
}
