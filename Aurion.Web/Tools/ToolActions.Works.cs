using System.Security.Cryptography;
using Aurion.Data.Tools;
using Aurion.Web.Tools.Works;

namespace Aurion.Web.Tools;

/// <summary>The actions on pieces of work.</summary>
public static partial class ToolActions
{
    private const int LongestTitle = 120;
    private const int LongestNote = 200;

    private sealed partial record Acting
    {
        public async Task<IResult> SaveAsync(WorkInput? work, CancellationToken ct)
        {
            if (work is not { Id: { } id, Title: { } title, Files: { } files } || title.Trim() is not { Length: > 0 and <= LongestTitle } clean || work.Note?.Length > LongestNote
                || clean.Contains('\0', StringComparison.Ordinal) || work.Note?.Contains('\0', StringComparison.Ordinal) == true)
                return ApiProblem.Answer(400, "WORK_INVALID", "Work not valid", "A piece of work has id, title of 1 to 120 characters, baseRevision and files.");
            var content = new WorkContent(files, work.State);
            if (content.Fault() is var (code, message))
                return ApiProblem.Answer(422, code, "Work not valid", message);
            var saved = await Works.SaveAsync(
                new WorkDraft(Ticket.UserId, id, ToolId, Ticket.SessionId, clean, work.BaseRevision, content.ToJson(), work.Note ?? "", work.Keep, work.Force), ct);
            return saved.Outcome switch
            {
                "SAVED" => Results.Ok(new { revision = saved.Revision, version = saved.Version, preview = Addresses.PreviewOf(Ticket.UserId, id, saved.Version!.Value) }),
                "CONFLICT" => ApiProblem.Answer(409, "WORK_CHANGED", "Work changed elsewhere", "Another tab saved it meanwhile. Nothing was overwritten: load it, or save with force.", ("revision", saved.Revision)),
                "GONE" => NotThere(),
                "RUNNING" => ApiProblem.Answer(409, "WORK_RUNNING", "An agent is at work", "The agent writes this piece at this moment. Pause it before you change something."),
                "TOO_MANY" => ApiProblem.Answer(422, "TOO_MANY_WORKS", "Too many pieces of work", "An account keeps 500 pieces. Delete one first."),
                _ => ApiProblem.Answer(422, "STORAGE_FULL", "Storage full", "An account keeps 100 MB. Delete a piece of work first."),
            };
        }

        public async Task<IResult> LoadAsync(ActionInput input, CancellationToken ct)
        {
            if (await FindAsync(input, Session.ReadsWorks, ct) is not { } work)
                return NotThere();
            var content = WorkContent.Parse(work.Content);
            return Results.Ok(new
            {
                work.Id,
                work.Title,
                work.Revision,
                work.Version,
                work.NewestVersion,
                publishedVersion = work.PublishedVersion,
                publishedAt = Addresses.PublishedAt(work.PublishKey),
                files = content.Files,
                state = content.State,
            });
        }

        public async Task<IResult> ListAsync(bool all, CancellationToken ct)
        {
            var list = await Works.ListAsync(Ticket.UserId, all && Session.ReadsWorks ? null : ToolId, null, 0, ct);
            var last = await Works.FindLastAsync(Ticket.UserId, Ticket.SessionId, ct);
            return Results.Ok(new { last, works = list.Select(work => new { work.Id, work.Title, work.ToolId, work.UpdatedAt }) });
        }

        public async Task<IResult> ListVersionsAsync(ActionInput input, CancellationToken ct)
        {
            if (await FindAsync(input, ct) is not { } work)
                return NotThere();
            var versions = await Works.ListVersionsAsync(Ticket.UserId, work.Id, ct);
            return Results.Ok(new { versions = versions.Select(v => new { v.Version, v.Note, kept = v.IsKept, v.Bytes, v.UpdatedAt }) });
        }

        public async Task<IResult> ExportAsync(ActionInput input, CancellationToken ct) =>
            await FindAsync(input, ct) is not { } work ? NotThere()
            : await WorkExport.CreateAsync(work, input.Format ?? "", input.Path, Ticket.UserId, Pictures, Addresses, ct) is { } file
                ? Results.Ok(new { name = file.Name, contentType = file.ContentType, content = Convert.ToBase64String(file.Content) })
                : ApiProblem.Answer(422, "FORMAT_UNKNOWN", "Format unknown", "This piece of work has no such format.", ("formats", WorkExport.FormatsOf(WorkContent.Parse(work.Content))));

        public async Task<IResult> PreviewAsync(ActionInput input, CancellationToken ct) =>
            await FindAsync(input, ct) is { } work
                ? Results.Ok(new { url = Addresses.PreviewOf(Ticket.UserId, work.Id, work.Version) })
                : NotThere();

        public async Task<IResult> PublishAsync(ActionInput input, bool open, CancellationToken ct)
        {
            if (await FindAsync(input, ct) is not { } work)
                return NotThere();
            var (found, key) = await Works.PublishAsync(Ticket.UserId, work.Id, open ? work.Version : null, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), ct);
            return found ? Results.Ok(new { url = Addresses.PublishedAt(key), version = open ? work.Version : (int?)null }) : NotThere();
        }

        // A piece that another tool made is not this one's, unless its row lets it read them.
        private Task<Work?> FindAsync(ActionInput input, CancellationToken ct) => FindAsync(input, false, ct);

        private async Task<Work?> FindAsync(ActionInput input, bool ofAnyTool, CancellationToken ct) =>
            input.WorkId is { } id && await Works.FindAsync(Ticket.UserId, id, input.Version, ct) is { } work && (ofAnyTool || work.ToolId == ToolId) ? work : null;
    }
}
