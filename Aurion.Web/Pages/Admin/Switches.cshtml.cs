using Aurion.Data.Admin;
using Aurion.Web.Account;
using Aurion.Web.Admin;
using Aurion.Web.Pages.Shared;
using Aurion.Web.Tools;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Admin;

/// <summary>Switches a tool or a model off for everybody, with the reason that people read, and on again.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed partial class SwitchesModel(SwitchStore switches, ToolWords tools, IStringLocalizer<AdminText> words, ILogger<SwitchesModel> logger) : PageModel
{
    private const string Tools = "tools";
    private const string Models = "models";
    private const int LongestReason = 200;

    public IReadOnlyList<(string Kind, string Title, IReadOnlyList<Switchable> All)> Kinds { get; private set; } = [];

    /// <summary>What was not switched off because its reason is empty or too long.</summary>
    public (string Kind, string Id)? Refused { get; private set; }

    public string? RefusedReason { get; private set; }

    public async Task OnGetAsync(CancellationToken ct) =>
        Kinds = [(Tools, words["Tools"], [.. (await switches.ListToolsAsync(ct)).Select(tool => tool with { Name = tools.Name(tool.Name) })]), (Models, words["Models"], await switches.ListModelsAsync(ct))];

    public async Task<IActionResult> OnPostAsync(string? kind, string? id, string? reason, bool on, CancellationToken ct)
    {
        await OnGetAsync(ct);
        reason = reason?.Trim();
        if (Kinds.FirstOrDefault(each => each.Kind == kind).All?.FirstOrDefault(each => each.Id == id) is not { } one)
            return NotFound();
        if (!on && reason is null or { Length: 0 or > LongestReason })
        {
            (Refused, RefusedReason) = ((kind!, one.Id), reason);
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }
        var offBecause = on ? null : reason;
        if (!await (kind == Tools ? switches.SwitchToolAsync(one.Id, offBecause, ct) : switches.SwitchModelAsync(one.Id, offBecause, ct)))
            return NotFound();
        LogSwitched(User.Id(), kind!, one.Id, on ? "on" : "off", offBecause);
        TempData.Toast(on ? words["{0} is on again.", one.Name] : words["{0} is off: new runs are refused without a charge.", one.Name]);
        return RedirectToPage();
    }

    [LoggerMessage(LogLevel.Warning, "Administrator {UserId} switched {Kind} {Id} {State}: {Reason}")]
    private partial void LogSwitched(Guid userId, string kind, string id, string state, string? reason);
}
