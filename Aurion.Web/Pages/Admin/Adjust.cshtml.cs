using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Aurion.Data.Admin;
using Aurion.Data.Credits;
using Aurion.Web.Account;
using Aurion.Web.Admin;
using Aurion.Web.Credits.Live;
using Aurion.Web.Infrastructure;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Admin;

/// <summary>Gives credits or takes them: typed, shown as now, change and then, and done once.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class AdjustModel(
    AccountListStore accounts, BalanceStore balances, AdjustmentStore adjustments, BalanceAnnouncer announcer, TimeProvider clock, IStringLocalizer<AdminText> words) : PageModel
{
    public const string Apply = "apply";
    public const string Edit = "edit";
    private const int Limit = 1_000_000;

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public AccountOwner Owner { get; private set; } = null!;

    /// <summary>What may be spent now.</summary>
    public int Available { get; private set; }

    /// <summary>What is shown before it is done; null while it is being typed.</summary>
    public int? Change { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct)
    {
        Input.Operation = Guid.CreateVersion7(clock.GetUtcNow());
        return await ReadAsync(id, ct) ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct)
    {
        if (!await ReadAsync(id, ct))
            return NotFound();
        if (Input.Step == Edit)
            return Page();
        var credits = Read(Input.Credits);
        if (credits is 0 && !string.IsNullOrWhiteSpace(Input.Credits))
            ModelState.AddModelError("Input.Credits", words["Write a whole number up to {0}, such as 200 or -50.", Limit.Grouped()]);
        if (!ModelState.IsValid)
            return this.Refused();

        if (Input.Step == Apply)
            return await ApplyAsync(id, credits, ct);
        if (Available + credits < 0)
            return Insufficient(Available);
        Change = credits;
        return Page();
    }

    private async Task<IActionResult> ApplyAsync(Guid id, int credits, CancellationToken ct)
    {
        var adjustment = await adjustments.AdjustAsync(id, credits, Input.Reason.Trim(), User.Id(), Input.Operation, ct);
        switch (adjustment.Outcome)
        {
            case "ADJUSTED" or "REPEATED":
                announcer.Announce(id);
                TempData.Toast(words["Adjusted by {0}; {1} left to spend.", credits.WithSign(), adjustment.Available.Grouped()]);
                return RedirectToPage("Account", new { id });
            case "INSUFFICIENT_CREDITS":
                return Insufficient(adjustment.Available);
            default:
                return this.Refused(words["This form was already submitted with other values. Open it again."]);
        }
    }

    // As people write numbers: "+200", "−50", "1 000". Zero for whatever cannot be an adjustment.
    private static int Read(string? text)
    {
        var plain = string.Concat((text ?? "").Where(letter => !char.IsWhiteSpace(letter) && letter != ',')).Replace('\u2212', '-');
        return int.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var credits) && credits is >= -Limit and <= Limit ? credits : 0;
    }

    private IActionResult Insufficient(int available)
    {
        ModelState.AddModelError("Input.Credits", words["No more than {0} can be taken.", available.Grouped()]);
        return this.Refused();
    }

    private async Task<bool> ReadAsync(Guid id, CancellationToken ct)
    {
        if (await accounts.FindAsync(id, ct) is not { } owner || await balances.FindAsync(id, ct) is not { } balance)
            return false;
        (Owner, Available) = (owner, balance.Available);
        return true;
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "How many credits?")]
        public string Credits { get; set; } = "";

        [Required(ErrorMessage = "Enter a reason: the owner of the account will see it."), StringLength(200, ErrorMessage = "Use at most {1} characters.")]
        public string Reason { get; set; } = "";

        /// <summary>Of this form: however often it is sent, it counts once.</summary>
        public Guid Operation { get; set; }

        public string? Step { get; set; }
    }
}
