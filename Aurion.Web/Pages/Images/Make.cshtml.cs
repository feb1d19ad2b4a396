using System.Globalization;
using Aurion.Web.Ai.Images;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Images;

/// <summary>Asks for pictures. With script the answer is the batch alone; without, the studio with it on top.</summary>
[Authorize]
public sealed class MakeModel(Studio studio, StudioRooms rooms) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    public required StudioRoom Room { get; set; }

    public IActionResult OnGet() => LocalRedirect("/images");

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return BadRequest();
        var draft = new PictureDraft
        {
            Prompt = Input.Prompt,
            Style = Input.Style,
            Size = Input.Size,
            Count = Input.Count,
            Seed = SeedOf(Input.Seed),
            Engine = Input.Engine,
            BatchId = Input.Batch,
        };
        var result = await studio.MakeAsync(User.Id(), draft, ct);
        if (result is PictureResult.Started && !Request.IsHtmx())
            return LocalRedirect("/images");
        if (await rooms.FindAsync(User.Id(), null, null, null, ct) is not { } room)
            return NotFound();
        Room = room with { Draft = draft, Refusal = result is PictureResult.Started ? null : result };
        if (result is PictureResult.Started started)
            return Partial("_Made", Room.Batches.First(batch => batch.Batch.Id == started.BatchId));
        Response.StatusCode = StudioWords.StatusOf(result);
        if (!Request.IsHtmx())
            return Page();
        // htmx swaps 403 and 422, and what is refused for another reason is said in the same place.
        if (Response.StatusCode is not (StatusCodes.Status403Forbidden or StatusCodes.Status422UnprocessableEntity))
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        Response.Htmx(answer => answer.Retarget("#make-refusal").Reswap("innerHTML"));
        return Partial("_Refusal", Room);
    }

    // What is no number is as wrong as one that is out of range.
    private static long? SeedOf(string? typed) => string.IsNullOrWhiteSpace(typed) ? null
        : long.TryParse(typed.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) ? seed : -1;

    public sealed class InputModel
    {
        [FromForm(Name = "prompt")]
        public string? Prompt { get; set; }

        [FromForm(Name = "style")]
        public string? Style { get; set; }

        [FromForm(Name = "size")]
        public string? Size { get; set; }

        [FromForm(Name = "count")]
        public int? Count { get; set; }

        [FromForm(Name = "seed")]
        public string? Seed { get; set; }

        [FromForm(Name = "engine")]
        public string? Engine { get; set; }

        [FromForm(Name = "batch")]
        public Guid? Batch { get; set; }
    }
}
