using System.Globalization;
using Aurion.Data.Account;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Account.Exports;

/// <summary>
/// Makes the files that people asked for, one after the other, and deletes those whose day is over. A file is kept whole or not at all, so
/// one that was broken off is made again; one that fails is reported, tried again later, and holds up nobody else's.
/// </summary>
public sealed partial class PrepareExportsJob(ExportFileStore files, AccountExport export, JobQueue jobs, JobFailures failures, ILogger<PrepareExportsJob> log) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        await files.RemoveExpiredAsync(ct);
        while (await files.ClaimAsync(ct) is { } asked)
        {
            try
            {
                await PrepareAsync(asked, ct);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                await failures.ReportAsync<PrepareExportsJob>($"user {asked.UserId}", fault);
            }
        }
    }

    private async Task PrepareAsync(AskedExport asked, CancellationToken ct)
    {
        // The movements in it are named in its owner's language.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Localization.Cultures.FirstOrDefault(known => known.Name == asked.Locale) ?? Localization.Cultures[0];
        // Made readable for this process alone, and gone when it is closed.
        await using var file = new FileStream(Path.GetTempFileName(), new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        await export.WriteAsync(asked.UserId, file, ct);
        file.Position = 0;
        if (!await files.FinishAsync(asked, file, ct))
            return;
        await jobs.WakeAsync<SendMailsJob>(ct);
        LogPrepared(asked.UserId, file.Length);
    }

    [LoggerMessage(LogLevel.Information, "The export of user {UserId} is ready, {Bytes} bytes")]
    private partial void LogPrepared(Guid userId, long bytes);
}
