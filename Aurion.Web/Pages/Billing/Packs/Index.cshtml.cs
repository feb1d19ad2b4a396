using System.ComponentModel.DataAnnotations;
using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing.Purchases;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing.Packs;

/// <summary>The packs for sale, each one press away from the payment page, and those that were bought.</summary>
[Authorize]
public sealed class IndexModel(PaymentPages payments, PriceStore prices, PurchaseStore purchases) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    public IReadOnlyList<Pack> Packs { get; private set; } = [];
    public IReadOnlyList<Purchase> Bought { get; private set; } = [];
    public PurchaseResult? Refusal { get; private set; }

    public Task OnGetAsync(CancellationToken ct) => ReadAsync(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        Refusal = ModelState.IsValid ? await payments.OpenAsync(User.Id(), Offer.OfPack(Input.Pack), Input.KeepCard, ct) : new PurchaseResult.UnknownOffer();
        if (Refusal is PurchaseResult.Opened opened)
            return this.GoTo(opened.Url);

        await ReadAsync(ct);
        Response.StatusCode = Refusal switch
        {
            PurchaseResult.UnknownOffer => StatusCodes.Status422UnprocessableEntity,
            PurchaseResult.Overtaken => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status503ServiceUnavailable,
        };
        return Page();
    }

    private async Task ReadAsync(CancellationToken ct) => (Packs, Bought) = (await prices.ListPacksAsync(ct), await purchases.ListPacksAsync(User.Id(), ct));

    public sealed class InputModel
    {
        [Required, StringLength(40)]
        public string Pack { get; set; } = "";

        public bool KeepCard { get; set; }
    }
}
