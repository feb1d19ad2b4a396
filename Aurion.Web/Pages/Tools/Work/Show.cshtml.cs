using Aurion.Data.Tools;
using Aurion.Web.Tools.Works;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Tools.Work;

/// <summary>One piece of work: read it, take it along, rename it, open it in its tool, delete it.</summary>
[Authorize]
public sealed class ShowModel(WorkStore works, WorkPictures pictures, WorkAddresses addresses) : PageModel
{
    public required Data.Tools.Work Work { get; set; }

    public required WorkContent Made { get; set; }

    /// <summary>Those that its texts show.</summary>
    public IReadOnlyDictionary<Guid, byte[]> Pictures { get; private set; } = new Dictionary<Guid, byte[]>();

    public IReadOnlyList<WorkVersion> Versions { get; private set; } = [];

    public string? PublishedAt => addresses.PublishedAt(Work.PublishKey);

    /// <summary>Where it runs, when it has a page to run.</summary>
    public string? PreviewAt => Made.Main?.Path.EndsWith(".html", StringComparison.OrdinalIgnoreCase) == true ? addresses.PreviewOf(User.Id(), Work.Id, Work.Version) : null;

    public async Task<IActionResult> OnGetAsync(Guid id, int? version, CancellationToken ct)
    {
        if (await works.FindAsync(User.Id(), id, version, ct) is not { } work)
            return NotFound();
        (Work, Made, Versions) = (work, WorkContent.Parse(work.Content), await works.ListVersionsAsync(User.Id(), id, ct));
        Pictures = await pictures.ReadAsync(User.Id(), string.Join('\n', Made.Files.Where(file => file.Path.EndsWith(".md", StringComparison.OrdinalIgnoreCase)).Select(file => file.Text)), isSmall: true, ct);
        return Page();
    }
}
