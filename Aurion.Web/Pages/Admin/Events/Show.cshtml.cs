using System.Text.Json;
using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Admin.Events;

/// <summary>One event, what a replay would change, and the replay.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class ShowModel(ReceivedEventStore events, EventReplayer replayer, IStringLocalizer<BillingText> words) : PageModel
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public ReceivedEvent Event { get; private set; } = null!;
    /// <summary>Null once it was removed.</summary>
    public string? Payload { get; private set; }
    public PreviewedAccount Preview { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken ct)
    {
        if (await events.FindAsync(id, ct) is not var (found, payload))
            return NotFound();
        Event = found;
        Payload = payload is null ? null : JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(payload), Readable);
        Preview = await replayer.PreviewAsync(found.ObjectKind, found.ObjectId, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken ct)
    {
        await replayer.ReplayAsync(id, ct);
        TempData.Toast(words["The event is being replayed."]);
        return RedirectToPage(new { id });
    }
}
