using Aurion.Data.Billing;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Sync;

/// <summary>Looks at an object of Stripe's and brings the account it belongs to into agreement with it.</summary>
public sealed partial class AccountConverger(
    StripeReader reader, BillingStore billing, SavedCards cards, StripeOptions options, JobQueue jobs, TimeProvider clock, ILogger<AccountConverger> log)
{
    /// <summary>For a caller who did not draw the number of the read itself.</summary>
    public async Task<ConvergeResult> ConvergeAsync(string kind, string id, CancellationToken ct)
    {
        var readSeq = await BeginReadAsync(ct);
        return await ConvergeAsync(kind, id, await reader.ReadAsync(kind, id, ct), readSeq, ct);
    }

    /// <summary>The number of a read that begins now: of two, the one that began later wins.</summary>
    public Task<long> BeginReadAsync(CancellationToken ct) => billing.NextReadAsync(ct);

    /// <summary>For a caller who has read already, and announces what changed to open pages.</summary>
    public async Task<ConvergeResult> ConvergeAsync(string kind, string id, StripeSnapshot? seen, long readSeq, CancellationToken ct)
    {
        var result = await ApplyAsync(kind, id, seen, readSeq, ct);
        if (result is ConvergeResult.Done { Changed: true } done)
            await billing.NotifyAsync([done.UserId], ct);
        return result;
    }

    /// <summary>Reads first, then writes under the customer's lock; no call to Stripe happens inside the transaction.</summary>
    public async Task<ConvergeResult> ConvergeAsync(string kind, string id, long readSeq, CancellationToken ct) =>
        await ApplyAsync(kind, id, await reader.ReadAsync(kind, id, ct), readSeq, ct);

    private async Task<ConvergeResult> ApplyAsync(string kind, string id, StripeSnapshot? snapshot, long readSeq, CancellationToken ct)
    {
        if (snapshot is null)
            return kind is "charge" or "refund" or "dispute"
                ? new ConvergeResult.Ignored("it paid for nothing of ours")
                : new ConvergeResult.Later("NOT_FOUND", $"Stripe has no {kind} {id}");
        if (snapshot.Livemode != options.IsLive())
            return new ConvergeResult.Ignored("another mode");

        var converged = await billing.ApplyAsync(snapshot.ToJson(), readSeq, clock.GetUtcNow(), ct);
        if (converged is { Outcome: "SECOND_SUBSCRIPTION", UserId: { } owner } && await HasMadeRoomAsync(owner, snapshot.Subscription!.Id, ct))
            converged = await billing.ApplyAsync(snapshot.ToJson(), readSeq, clock.GetUtcNow(), ct);
        switch (converged)
        {
            case { IsDone: true, UserId: { } userId } when snapshot.SavedCard is { } saved && saved.NamedUser != userId:
                LogParked(kind, id, "FOREIGN_SESSION", null);
                return new ConvergeResult.Parked("FOREIGN_SESSION", $"{id} names another account than its customer's", userId);
            case { IsDone: true, UserId: { } userId }:
                if (snapshot.SavedCard is { } card)
                    await cards.KeepAsync(userId, card, ct);
                if (converged.Changed)
                {
                    LogConverged(userId, kind, id);
                    // What changed may have written a mail.
                    await jobs.WakeAsync<SendMailsJob>(ct);
                }
                if (converged.Detail is { } remark)
                    LogRemark(userId, kind, id, remark);
                return new ConvergeResult.Done(userId, converged.Changed, snapshot.ObjectIds, converged.Detail);
            case { Outcome: "FOREIGN" }:
                return new ConvergeResult.Ignored("another product of this Stripe account: neither its customer nor its price is ours");
            // Metadata and our own row may still be on their way; a price or a second subscription wants an operator.
            case { Outcome: "UNKNOWN_CUSTOMER" }:
                return new ConvergeResult.Later(converged.Outcome, $"customer {converged.Detail} belongs to no account");
            default:
                LogParked(kind, id, converged.Outcome, converged.Detail);
                return new ConvergeResult.Parked(converged.Outcome, converged.Detail, converged.UserId);
        }
    }

    /// <summary>The other subscription may be over without our having heard of it.</summary>
    private async Task<bool> HasMadeRoomAsync(Guid userId, string subscription, CancellationToken ct)
    {
        if (await billing.FindOtherLiveAsync(userId, subscription, ct) is not { } other)
            return true;
        var readSeq = await BeginReadAsync(ct);
        return await reader.ReadAsync("subscription", other, ct) is { Subscription.IsOver: true } seen
            && (await billing.ApplyAsync(seen.ToJson(), readSeq, clock.GetUtcNow(), ct)).IsDone;
    }

    [LoggerMessage(LogLevel.Warning, "Account {UserId} agrees with what is known of Stripe's {Kind} {ObjectId}; an operator should look at the rest: {Remark}")]
    private partial void LogRemark(Guid userId, string kind, string objectId, string remark);

    [LoggerMessage(LogLevel.Information, "Account {UserId} now agrees with Stripe's {Kind} {ObjectId}")]
    private partial void LogConverged(Guid userId, string kind, string objectId);

    [LoggerMessage(LogLevel.Warning, "Stripe's {Kind} {ObjectId} needs an operator: {Outcome} {Detail}")]
    private partial void LogParked(string kind, string objectId, string outcome, string? detail);
}
