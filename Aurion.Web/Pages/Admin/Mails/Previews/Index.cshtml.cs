using System.Globalization;
using Aurion.Web.Account;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Admin.Mails.Previews;

/// <summary>Every kind of e-mail that the product sends, by its first example.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class IndexModel(EmailKinds kinds) : PageModel
{
    public IEnumerable<(string Kind, Email Email)> Mails =>
        kinds.All.Select(kind => (kind.Name, kinds.Write(kind.Name, kind.Examples[0], CultureInfo.CurrentUICulture.Name, Zone.Name)!));
}
