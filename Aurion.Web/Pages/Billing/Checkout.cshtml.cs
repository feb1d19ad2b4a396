using System.ComponentModel.DataAnnotations;
using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing.Purchases;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing;

/// <summary>What is bought, for how much, and the one button that goes to the payment page.</summary>
[Authorize]
public sealed class CheckoutModel(PaymentPages payments, PlanStore plans) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public InputModel Input { get; set; } = new();

    public Plan Plan { get; private set; } = null!;
    public PurchaseResult? Refusal { get; private set; }
    public bool IsAnnual => Input.Interval == "year";
    public int PriceCents => IsAnnual ? Plan.AnnualCents : Plan.MonthlyCents;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) =>
        await FindPlanAsync(ct) ? Page() : Redirect("/pricing");

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await FindPlanAsync(ct))
            return Redirect("/pricing");

        var result = await payments.OpenAsync(User.Id(), Offer.OfPlan(Plan.Id, Input.Interval), keepCard: false, ct);
        if (result is PurchaseResult.Opened opened)
        {
            TempData[ReturnModel.WantedTool] = Input.Tool ?? "";
            return this.GoTo(opened.Url);
        }
        if (result is PurchaseResult.Subscribed)
            return this.GoTo(Url.Page("Change", new { plan = Plan.Id, interval = Input.Interval })!);

        Refusal = result;
        Response.StatusCode = result is PurchaseResult.Overtaken ? StatusCodes.Status409Conflict : StatusCodes.Status503ServiceUnavailable;
        return Page();
    }

    private async Task<bool> FindPlanAsync(CancellationToken ct)
    {
        Plan = (await plans.ListAsync(ct)).FirstOrDefault(p => p.Id == Input.Plan && !p.IsFree)!;
        return ModelState.IsValid && Plan is not null;
    }

    public sealed class InputModel
    {
        [Required]
        public string Plan { get; set; } = "";

        [AllowedValues("month", "year")]
        public string Interval { get; set; } = "month";

        /// <summary>The tool that asked for the credits; the person is led back to it.</summary>
        [RegularExpression("[a-z-]{1,40}")]
        public string? Tool { get; set; }
    }
}
