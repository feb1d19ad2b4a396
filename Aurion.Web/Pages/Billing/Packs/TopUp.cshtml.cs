using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Billing.Packs;

/// <summary>What a person allows us to buy while they are away: when, what, and for how much money at most.</summary>
[Authorize]
public sealed class TopUpModel(TopUpSwitch topUps, TopUpStore store, PriceStore prices, IStringLocalizer<PackText> words) : PageModel
{
    private const int LargestCap = 1_000_000;

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public TopUpSettings? Settings { get; private set; }
    public IReadOnlyList<Pack> Packs { get; private set; } = [];
    public TopUpResult? Refusal { get; private set; }
    public bool IsStripeAway { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        await ReadAsync(ct);
        Input = Settings is { } kept
            ? new() { Threshold = kept.Threshold.Grouped(), Pack = kept.PackId, Cap = Plain(kept.MonthlyCapCents) }
            // As keep_top_up_card.sql proposes.
            : new() { Threshold = "100", Pack = "medium", Cap = Plain(Packs.FirstOrDefault(p => p.Id == "medium")?.PriceCents * 2 ?? 0) };
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (Input.Stop)
        {
            await topUps.StopAsync(User.Id(), ct);
            TempData.Toast(words["Automatic top-ups are off."]);
            return RedirectToPage();
        }

        await ReadAsync(ct);
        if (Check() is not { } wish)
            return this.Refused();
        try
        {
            Refusal = await topUps.AllowAsync(User.Id(), wish, Input.Card, ct);
        }
        // The page that says so elsewhere would lose what was typed.
        catch (StripeUnreachableException)
        {
            IsStripeAway = true;
            return this.Refused(status: StatusCodes.Status503ServiceUnavailable);
        }
        if (Refusal is TopUpResult.Allowed)
        {
            TempData.Toast(words["Automatic top-ups are on."]);
            return RedirectToPage();
        }
        if (Refusal is TopUpResult.OtherCard)
            await ReadAsync(ct);
        return this.Refused();
    }

    /// <summary>The wish when every field makes sense; otherwise each field says what is wrong with it.</summary>
    private TopUpWish? Check()
    {
        var pack = Packs.FirstOrDefault(p => p.Id == Input.Pack);
        var (threshold, cap) = (TypedFigures.Whole(Input.Threshold), TypedFigures.Cents(Input.Cap));
        if (pack is null)
            ModelState.AddModelError("Input.Pack", words["Choose one of the packs."]);
        if (threshold is not > 0)
            ModelState.AddModelError("Input.Threshold", words["Enter a number of credits, for example {0}.", 100.Grouped()]);
        else if (threshold > pack?.Credits)
            ModelState.AddModelError("Input.Threshold", words["At most {0}: as many as the pack gives, so that one is enough.", pack.Credits.Grouped()]);
        if (cap is null or > LargestCap)
            ModelState.AddModelError("Input.Cap", words["Enter an amount of at most {0}, written like {1}.", LargestCap.Dollars(), Plain(2550)]);
        else if (cap < pack?.PriceCents)
            ModelState.AddModelError("Input.Cap", words["At least {0}: the price of one pack.", pack.PriceCents.Dollars()]);
        return ModelState.IsValid ? new TopUpWish(threshold!.Value, pack!.Id, cap!.Value) : null;
    }

    /// <summary>The card that the page names, in words; null when there is none.</summary>
    public string? CardWords => Settings is { CardLast4: { } last4, CardBrand: var brand } ? $"{PlanNames.Of(brand ?? "")} •••• {last4}" : null;

    private async Task ReadAsync(CancellationToken ct) => (Packs, Settings) = (await prices.ListPacksAsync(ct), await store.FindAsync(User.Id(), ct));

    // As it would be typed: the sign stands beside the field.
    private static string Plain(int cents) => cents.Dollars(withCents: true).Replace("$", "", StringComparison.Ordinal).Trim();

    public sealed class InputModel
    {
        public string? Threshold { get; set; }
        public string? Pack { get; set; }
        public string? Cap { get; set; }
        public bool Stop { get; set; }

        /// <summary>The card that the consent named.</summary>
        public string? Card { get; set; }
    }
}
