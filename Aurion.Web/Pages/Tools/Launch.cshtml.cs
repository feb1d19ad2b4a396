using System.ComponentModel.DataAnnotations;
using Aurion.Data.Tools;
using Aurion.Web.Account;
using Aurion.Web.Credits;
using Aurion.Web.Tools;
using Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Tools;

/// <summary>One tool: what it costs, its launch, its frame while a session runs. Opening the page again never pays again.</summary>
public sealed class LaunchModel(
    LaunchPageStore pages, CatalogueStore catalogue, ToolLauncher launcher, ToolFrames frames, ToolSessionTokens tokens, BalanceFrame frame,
    IEnumerable<BuiltInTool> builtIn, IStringLocalizer<ToolsText> text) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    /// <summary>The piece of work that the tool opens with.</summary>
    [FromQuery(Name = "work")]
    public Guid? Work { get; set; }

    public required LaunchState State { get; set; }

    public Task<IActionResult> OnGetAsync(string slug, CancellationToken ct) => ShowAsync(slug, refusal: null, ct);

    public async Task<IActionResult> OnPostAsync(string slug, CancellationToken ct)
    {
        if (User.FindId() is not { } userId)
            return Challenge();
        if (!ModelState.IsValid)
            return BadRequest();

        var result = await launcher.LaunchAsync(userId, User.SessionId(), slug, Input.OperationId, Input.NewSession, ct);
        Response.StatusCode = StatusOf(result);
        if (result is not LaunchResult.Launched)
            return await ShowAsync(slug, result, ct);

        // Without script the answer is a page of its own, which a reload shows again without paying.
        return Request.IsHtmx() ? await ShowAsync(slug, refusal: null, ct) : LocalRedirect($"/tools/{slug}{LaunchState.Query(Work)}");
    }

    private async Task<IActionResult> ShowAsync(string slug, LaunchResult? refusal, CancellationToken ct)
    {
        if (await FindAsync(slug, refusal, ct) is not { } state)
            return NotFound();
        if (state is LaunchState.Closed && builtIn.FirstOrDefault(tool => tool.Id == slug) is { } own)
            return LocalRedirect(own.Address);

        State = state;
        return Request.IsHtmx() ? Partial("_Launch", State) : Page();
    }

    private async Task<LaunchState?> FindAsync(string slug, LaunchResult? refusal, CancellationToken ct)
    {
        if (User.FindId() is not { } userId)
            return (await catalogue.ListAsync(ct)).FirstOrDefault(tool => tool.Id == slug) is { } tool ? Announced(tool) ?? new LaunchState.Visitor(tool) : null;
        if (await pages.FindAsync(userId, slug, ct) is not { } page)
            return null;

        frame.Show(HttpContext, page.Balance);
        if (page.Tool.Address is not null)
            HttpContext.Features.Set(new FramedOrigin(frames.OriginOf(page.Tool)));
        return page.Open is { } session && refusal is null
            ? new LaunchState.Open(page.Tool, page, session, Work, frames.UrlOf(page.Tool, Request.ChosenTheme()), frames.OriginOf(page.Tool), tokens.Create(userId, session.Id, User.SessionId(), slug))
            : Announced(page.Tool) ?? new LaunchState.Closed(page.Tool, page, refusal, Work);
    }

    private LaunchState? Announced(ToolCard tool) =>
        tool.IsLaunchable ? null : tool.IsStopped ? new LaunchState.Stopped(tool, User.FindId() is null ? null : builtIn.FirstOrDefault(own => own.Id == tool.Id)?.Address) : tool.IsComingSoon ? new LaunchState.ComingSoon(tool) : new LaunchState.Unconfigured(tool);

    private int StatusOf(LaunchResult result)
    {
        switch (result)
        {
            case LaunchResult.Launched:
                return StatusCodes.Status200OK;
            case LaunchResult.CreditsExhausted or LaunchResult.AccountFrozen or LaunchResult.CapReached:
                return StatusCodes.Status403Forbidden;
            case LaunchResult.OperationMismatch:
                return StatusCodes.Status422UnprocessableEntity;
            case LaunchResult.ToolUnavailable:
                return StatusCodes.Status409Conflict;
            case LaunchResult.Busy:
                Response.Headers.RetryAfter = "1";
                Response.Htmx(answer => answer.WithTrigger("aurion:toast", new { text = text["Many launches at this moment. You were not charged; try again in a second."].Value, tone = "danger" }));
                return StatusCodes.Status503ServiceUnavailable;
            default:
                return StatusCodes.Status404NotFound;
        }
    }

    public sealed class InputModel
    {
        /// <summary>Makes a second press of the same button, or a reload of its answer, the same launch.</summary>
        [FromForm(Name = "operationId"), StringLength(100, MinimumLength = 1)]
        public string? OperationId { get; set; }

        [FromForm(Name = "newSession")]
        public bool NewSession { get; set; }
    }
}
