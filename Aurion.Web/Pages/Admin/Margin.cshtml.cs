using System.Globalization;
using System.Text;
using Aurion.Data.Admin;
using Aurion.Web.Account;
using Aurion.Web.Admin;
using Aurion.Web.Credits.Ledger;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Admin;

/// <summary>Per tool, model and plan in a month of UTC: runs, credits, revenue, the provider's cost and the margin; and the switch of each model.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed partial class MarginModel(MarginStore margins, TimeProvider clock, IStringLocalizer<AdminText> words, ILogger<MarginModel> log) : PageModel
{
    private const int LongestReason = 200;

    public IReadOnlyList<MarginRow> Rows { get; private set; } = [];

    public IReadOnlyList<SwitchedModel> Models { get; private set; } = [];

    /// <summary>The first moment of the month that is shown.</summary>
    public DateTimeOffset From { get; private set; }

    public bool IsLastMonth { get; private set; }

    /// <summary>The model whose form was refused because its reason is empty or too long.</summary>
    public string? Refused { get; private set; }

    public string? RefusedReason { get; private set; }

    public Task OnGetAsync(string? period, CancellationToken ct) => LoadAsync(period, ct);

    public async Task<IActionResult> OnGetCsvAsync(string? period, CancellationToken ct)
    {
        await LoadAsync(period, ct);
        var csv = new StringBuilder("tool,model,plan,runs,failures,runs_of_unknown_cost,credits,lost_credits,prompt_tokens,completion_tokens,revenue_microdollars,cost_microdollars,margin_microdollars\r\n");
        foreach (var r in Rows)
        {
            csv.Append(CultureInfo.InvariantCulture,
                $"{LedgerExport.Cell(r.Tool)},{LedgerExport.Cell(r.Model ?? "")},{LedgerExport.Cell(r.Plan)},{r.Runs},{r.Failures},{r.UnknownCosts},{r.Credits},{r.LostCredits},{r.PromptTokens},{r.CompletionTokens},{r.Revenue},{r.Cost},{r.Margin}\r\n");
        }
        return File(Encoding.UTF8.GetBytes(csv.ToString()), "text/csv; charset=utf-8", string.Create(CultureInfo.InvariantCulture, $"aurion-margin-{From:yyyy-MM}.csv"));
    }

    public async Task<IActionResult> OnPostAsync(string? model, string? reason, bool on, CancellationToken ct)
    {
        reason = reason?.Trim();
        if (!on && reason is null or { Length: 0 or > LongestReason })
        {
            await LoadAsync(null, ct);
            (Refused, RefusedReason) = (model, reason);
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }
        if (!await margins.SwitchModelAsync(model ?? "", on ? null : reason, ct))
            return NotFound();
        LogSwitched(User.Id(), model!, on ? "on" : "off", reason);
        TempData.Toast(on ? words["The model is on again."] : words["The model is off: new runs are refused without a charge."]);
        return RedirectToPage();
    }

    private async Task LoadAsync(string? period, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        IsLastMonth = period == "last";
        From = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(IsLastMonth ? -1 : 0);
        Rows = await margins.ListAsync(From, From.AddMonths(1), ct);
        Models = await margins.ListModelsAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "Administrator {UserId} switched model {Model} {State}: {Reason}")]
    private partial void LogSwitched(Guid userId, string model, string state, string? reason);
}
