using System.ComponentModel.DataAnnotations;
using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Infrastructure.Htmx;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing.Packs;

/// <summary>The packs for sale, each one press away from the payment page, and those that were bought.</summary>
[Authorize]
public sealed class IndexModel(PackSeller seller, PackStore packs) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    public IReadOnlyList<Pack> Packs { get; private set; } = [];
    public IReadOnlyList<PackPurchase> Bought { get; private set; } = [];
    public PackResult? Refusal { get; private set; }

    public Task OnGetAsync(CancellationToken ct) => ReadAsync(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        Refusal = ModelState.IsValid ? await seller.OpenAsync(User.Id(), Input.Pack, Input.KeepCard, ct) : new PackResult.UnknownPack();
        if (Refusal is PackResult.Opened opened)
            return GoTo(opened.Url);

        await ReadAsync(ct);
        Response.StatusCode = Refusal is PackResult.UnknownPack ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status503ServiceUnavailable;
        return Page();
    }

    private IActionResult GoTo(string url)
    {
        if (!Request.IsHtmx())
            return Redirect(url);
        Response.Htmx(h => h.Redirect(url));
        return new NoContentResult();
    }

    private async Task ReadAsync(CancellationToken ct) => (Packs, Bought) = (await packs.ListAsync(ct), await packs.ListBoughtAsync(User.Id(), ct));

    public sealed class InputModel
    {
        [Required, StringLength(40)]
        public string Pack { get; set; } = "";

        public bool KeepCard { get; set; }
    }
}
