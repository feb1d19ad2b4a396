using System.Globalization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Account;

/// <summary>What is said to somebody who has just asked to be deleted, and is signed out.</summary>
public sealed class DeletedModel : PageModel
{
    internal const string Key = "DeletedAt";

    /// <summary>Null for who comes by the address.</summary>
    public DateTimeOffset? DueAt =>
        DateTimeOffset.TryParse(TempData.Peek(Key) as string, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var due) ? due : null;

    public void OnGet()
    {
    }
}
