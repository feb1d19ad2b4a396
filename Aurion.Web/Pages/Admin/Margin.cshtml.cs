using System.Globalization;
using System.Text;
using Aurion.Data.Admin;
using Aurion.Data.Ai;
using Aurion.Web.Account;
using Aurion.Web.Credits.Ledger;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Admin;

/// <summary>Per tool, model and plan in a month of UTC: runs, credits, revenue, the provider's cost and the margin; and what is left at the provider.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class MarginModel(MarginStore margins, ProviderAccountStore accounts, OpenRouterOptions openRouter, TimeProvider clock) : PageModel
{
    public IReadOnlyList<MarginRow> Rows { get; private set; } = [];

    /// <summary>The first moment of the month that is shown.</summary>
    public DateTimeOffset From { get; private set; }

    public bool IsLastMonth { get; private set; }

    /// <summary>OpenRouter's account; null where its key is not set.</summary>
    public ProviderAccount? Provider { get; private set; }

    /// <summary>Below this, in micro-dollars, the administrators are told.</summary>
    public long Least => openRouter.LeastBalance * 1_000_000L;

    public bool IsDry => RefusedAt is not null || Provider?.Remaining < Least;

    /// <summary>When a call was refused last for lack of money, if that was within a day.</summary>
    public DateTimeOffset? RefusedAt => Provider?.RefusedAt > clock.GetUtcNow().AddDays(-1) ? Provider.RefusedAt : null;

    /// <summary>For how long the rest is enough at the pace of the last week.</summary>
    public int? DaysLeft => Provider is { Remaining: { } left, DailyCost: > 0 } provider ? (int)Math.Clamp(left / provider.DailyCost, 0, 9999) : null;

    public async Task OnGetAsync(string? period, CancellationToken ct)
    {
        await LoadAsync(period, ct);
        Provider = openRouter.ApiKey.Length > 0 ? await accounts.GetAsync(ct) : null;
    }

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

    private async Task LoadAsync(string? period, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        IsLastMonth = period == "last";
        From = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(IsLastMonth ? -1 : 0);
        Rows = await margins.ListAsync(From, From.AddMonths(1), ct);
    }
}
