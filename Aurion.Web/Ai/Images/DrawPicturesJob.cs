using System.Collections.Concurrent;
using System.Text.Json;
using Aurion.Data.Ai;
using Aurion.Data.Infrastructure;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Credits.Live;

namespace Aurion.Web.Ai.Images;

/// <summary>
/// Draws what people wait for, until nothing is open. Whatever is known of a picture stands in the database, so a process that dies leaves
/// its pictures to the next one, which goes on with the provider's task where there is one.
/// </summary>
public sealed partial class DrawPicturesJob(
    PictureStore pictures, PictureArchive archive, IEnumerable<IPictureEngine> engines, BalanceAnnouncer announcer, JobFailures failures, TimeProvider clock, ILogger<DrawPicturesJob> logger) : IJob
{
    /// <summary>A picture that is not there by then is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const int MostAtOnce = 8;
    private const int MostAsks = 3;
    private const int MostCopies = 3;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // Decoding takes the memory of the whole picture.
    private static readonly SemaphoreSlim Encoding = new(2);

    private readonly ConcurrentDictionary<Guid, byte> working = new();

    public async Task RunAsync(CancellationToken ct)
    {
        var (running, renewed) = (new List<Task>(), clock.GetTimestamp());
        while (true)
        {
            running.RemoveAll(task => task.IsCompleted);
            // What has begun is finished also when the process ends: an answer that is paid for would be lost.
            if (!ct.IsCancellationRequested)
                running.AddRange((await pictures.ClaimAsync(MostAtOnce - running.Count, Lease, ct)).Select(ServeAsync));
            if (running.Count == 0 && (ct.IsCancellationRequested || !await pictures.AnyOpenAsync(ct)))
                return;
            if (clock.GetElapsedTime(renewed) >= RenewEvery)
            {
                await pictures.RenewAsync([.. working.Keys], Lease, CancellationToken.None);
                renewed = clock.GetTimestamp();
            }
            await Task.WhenAny(running.Append(Task.Delay(Pace, CancellationToken.None)));
        }
    }

    private async Task ServeAsync(ClaimedPicture picture)
    {
        working[picture.Id] = 0;
        try
        {
            var age = clock.GetUtcNow() - picture.CreatedAt;
            if (age >= Patience)
                await EndAsync(picture, "failed", picture.Reason ?? "timed_out", cost: null);
            else if (engines.FirstOrDefault(engine => engine.IsOn && engine.Draws(picture.ModelId)) is { } engine)
                await FollowAsync(picture, engine.LookAfter(age), await StepAsync(picture, engine));
            else
                await EndAsync(picture, "failed", "rejected", cost: null);
        }
        catch (Exception fault)
        {
            // Its lease runs out, and it is taken up again until it is given up.
            if (!DatabaseFaults.IsUnavailable(fault))
                await failures.ReportAsync<DrawPicturesJob>($"picture {picture.Id} of user {picture.UserId}", fault);
        }
        finally
        {
            working.TryRemove(picture.Id, out _);
        }
    }

    private static Task<PictureStep> StepAsync(ClaimedPicture picture, IPictureEngine engine)
    {
        var style = PictureStyle.Find(picture.Style)?.Words ?? "";
        var request = new PictureRequest
        {
            Model = picture.ModelId,
            Prompt = style.Length > 0 ? $"{picture.Prompt}, {style}" : picture.Prompt,
            Ratio = picture.Size,
            Seed = picture.Seed,
            UnitPrice = picture.UnitPrice,
            UserId = picture.UserId,
            PictureId = picture.Id,
        };
        return picture.TaskId is { } task ? engine.LookAsync(request, task) : engine.BeginAsync(request);
    }

    private async Task FollowAsync(ClaimedPicture picture, TimeSpan lookAfter, PictureStep step)
    {
        switch (step)
        {
            case PictureStep.Drawing drawing:
                working.TryRemove(picture.Id, out _);
                await pictures.KeepTaskAsync(picture.UserId, picture.Id, drawing.TaskId, lookAfter);
                break;
            case PictureStep.Delivered delivered:
                await DeliverAsync(picture, delivered);
                break;
            case PictureStep.Failed failed:
                await FailAsync(picture, failed);
                break;
        }
    }

    private async Task DeliverAsync(ClaimedPicture picture, PictureStep.Delivered delivered)
    {
        await Encoding.WaitAsync();
        PictureFile file;
        try
        {
            file = await Task.Run(() => PictureFile.Create(delivered.Content));
        }
        finally
        {
            Encoding.Release();
        }
        if (file.Fault is { } fault)
        {
            await EndAsync(picture, "failed", fault, delivered.CostMicrodollars, delivered.GenerationId);
            return;
        }
        await archive.DeliverAsync(picture, file, delivered.CostMicrodollars, delivered.GenerationId);
        announcer.Announce(picture.UserId);
    }

    private async Task FailAsync(ClaimedPicture picture, PictureStep.Failed failed)
    {
        var reason = JsonNamingPolicy.SnakeCaseLower.ConvertName(failed.Fault.ToString());
        var isBusy = failed.Fault is ProviderFault.Busy;
        var isCopy = failed.Fault is ProviderFault.Lost;
        var mayTry = failed.IsPassing && (isBusy || (isCopy ? picture.Copies + 1 < MostCopies : picture.TaskId is not null || picture.Asks < MostAsks));
        if (mayTry)
        {
            var wait = failed.RetryAfter ?? TimeSpan.FromSeconds(isBusy ? 10 : 1 << picture.Asks);
            working.TryRemove(picture.Id, out _);
            await pictures.RetryAsync(picture.UserId, picture.Id, wait < LongestWait ? wait : LongestWait, reason, isAttempt: !isBusy, isCopy);
            return;
        }
        if (failed.Fault is ProviderFault.KeyRefused or ProviderFault.AccountDry or ProviderFault.Rejected)
            LogOperatorNeeded(failed.Fault, picture.ModelId);
        await EndAsync(picture, failed.Fault is ProviderFault.Refused ? "refused" : "failed", reason, failed.CostMicrodollars, failed.GenerationId);
    }

    private async Task EndAsync(ClaimedPicture picture, string state, string reason, long? cost, string? generationId = null)
    {
        await pictures.EndAsync(picture.UserId, picture.Id, state, reason, cost, generationId);
        announcer.Announce(picture.UserId);
    }

    [LoggerMessage(LogLevel.Error, "The provider of pictures needs the operator: {Fault} for {Model}")]
    private partial void LogOperatorNeeded(ProviderFault fault, string model);
}
