using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Sync;

/// <summary>
/// Compares Stripe with our books, both ways: events that never came, subscriptions, invoices and packs that we see otherwise,
/// and those that Stripe does not know. A difference is what applying would change, found by the applying code itself. Stripe is read
/// page by page, and an object on its own only when its page has shown a difference; one that cannot be read is one line of the report.
/// </summary>
public sealed partial class BillingReconciler(
    StripeGateway stripe, StripeReader reader, BillingStore billing, ReconcileStore ours, StripeEventStore events, ApplyStripeEventsJob apply, StripeOptions options, TimeProvider clock, ILogger<BillingReconciler> log)
{
    private const int Page = 100;
    private static readonly TimeSpan KeptByStripe = TimeSpan.FromDays(30);

    /// <summary>How many differences there are; each is reported as a line. With <paramref name="repair"/> they are repaired.</summary>
    /// <param name="endMissing">Ends here the subscriptions that Stripe does not know. Right only when the keys were replaced for good.</param>
    public async Task<int> RunAsync(bool repair, bool endMissing, Action<string> report, CancellationToken ct)
    {
        var drift = 0;
        void Differs(string line)
        {
            report(line);
            drift++;
        }

        await CompareEventsAsync(repair, Differs, ct);
        var live = (await ours.ListLiveAsync(ct)).ToHashSet(StringComparer.Ordinal);
        // Those that are over come first: they make room for the one that followed.
        foreach (var areOver in new[] { true, false })
        {
            await foreach (var page in stripe.ListSubscriptionsAsync(areOver, ct).Chunk(Page))
                await CompareAsync("subscription", page, s => new StripeSnapshot(s.CustomerId, s.ClaimedUser, s.Livemode, s, [], null), live, repair, Differs, ct);
        }
        foreach (var id in live)
            Differs($"{id}: {await LookForUnknownAsync(id, endMissing, ct)}");

        var paid = (await ours.ListPaidInvoicesAsync(ct)).ToHashSet(StringComparer.Ordinal);
        await foreach (var page in stripe.ListInvoicesAsync(ct).Chunk(Page))
            await CompareAsync("invoice", page, i => new StripeSnapshot(i.CustomerId, i.ClaimedUser, i.Livemode, null, [i], null), paid, repair, Differs, ct);
        ReportUnknown(paid, "paid", Differs);

        var since = clock.GetUtcNow() - KeptByStripe;
        var granted = (await ours.ListPacksAsync(since.AddDays(1), ct)).ToHashSet(StringComparer.Ordinal);
        await foreach (var page in stripe.ListPurchasesAsync(since, ct).Chunk(Page))
            await CompareAsync(null, page, p => new StripeSnapshot(p.CustomerId, p.ClaimedUser, p.Livemode, null, [], null) { Purchase = p.Purchase }, granted, repair, Differs, ct);
        ReportUnknown(granted, "paid", Differs);
        return drift;
    }

    private async Task<string> LookForUnknownAsync(string id, bool end, CancellationToken ct)
    {
        const string Unknown = "alive here, unknown to Stripe";
        try
        {
            // A list may leave one out that was made while it was read.
            if (await stripe.FindSubscriptionAsync(id, ct) is not null)
                return "alive here, not in Stripe's list";
            if (!end || await ours.EndMissingAsync(id, clock.GetUtcNow(), ct) is not { } userId)
                return Unknown;
            await billing.NotifyAsync([userId], ct);
            return $"{Unknown}; ended";
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            return $"cannot be read: {fault.Message}";
        }
    }

    private static void ReportUnknown(IEnumerable<string> ids, string what, Action<string> differs)
    {
        foreach (var id in ids)
            differs($"{id}: {what} here, unknown to Stripe");
    }

    private async Task CompareEventsAsync(bool repair, Action<string> differs, CancellationToken ct)
    {
        var anyMissing = false;
        var wanted = stripe.ListEventsAsync(clock.GetUtcNow() - KeptByStripe, ct).Where(e => StripeEventTypes.Names.Contains(e.Type, StringComparer.Ordinal));
        await foreach (var page in wanted.Chunk(Page))
        {
            var missing = (await ours.FindMissingEventsAsync([.. page.Select(e => e.Id)], ct)).ToHashSet(StringComparer.Ordinal);
            foreach (var (id, type, _) in page.Where(e => missing.Contains(e.Id)))
                differs($"{id}: {type} never arrived");
            if (repair && missing.Count > 0)
                await events.AddAsync([.. page.Where(e => missing.Contains(e.Id)).Select(e => StripeEventReader.TryRead(e.Json)).OfType<StripeEvent>()], clock.GetUtcNow(), ct);
            anyMissing |= missing.Count > 0;
        }
        if (repair && anyMissing)
            await apply.RunAsync(ct);
    }

    /// <summary>Compares one page, and takes what Stripe knows out of <paramref name="unknown"/>. No kind: each element names its own.</summary>
    private async Task CompareAsync<T>(
        string? kind, Listed<T>[] page, Func<T, StripeSnapshot> show, HashSet<string> unknown, bool repair, Action<string> differs, CancellationToken ct) where T : class
    {
        unknown.ExceptWith(page.Select(listed => listed.Id));
        foreach (var listed in page.Where(listed => listed.Fault is not null))
            differs($"{listed.Id}: cannot be read: {listed.Fault!.Message}");

        var shown = page.Where(listed => listed.Element is not null).Select(listed => (listed.Id, Kind: kind ?? (listed.Element as ListedPurchase)!.Kind, Snapshot: show(listed.Element!)))
            .Where(element => element.Snapshot.Livemode == options.IsLive()).ToList();
        foreach (var (element, preview) in shown.Zip(await PreviewAsync([.. shown.Select(element => element.Snapshot)], ct)))
        {
            if (preview is { Outcome: "UNCHANGED" or "FOREIGN" })
                continue;
            if (await LookAsync(element.Kind, element.Id, repair, ct) is { } difference)
                differs($"{element.Id}: {difference}");
        }
    }

    /// <summary>One statement for the page; null for an element that cannot be judged together with the others.</summary>
    private async Task<IReadOnlyList<PreviewedAccount?>> PreviewAsync(IReadOnlyList<StripeSnapshot> page, CancellationToken ct)
    {
        try
        {
            return await billing.PreviewAsync([.. page.Select(snapshot => snapshot.ToJson())], clock.GetUtcNow(), ct);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            LogOneByOne(fault, page.Count);
            return new PreviewedAccount?[page.Count];
        }
    }

    /// <summary>What was listed a while ago may have changed since, and we may know: only a look that begins now tells a difference.</summary>
    private async Task<string?> LookAsync(string kind, string id, bool repair, CancellationToken ct)
    {
        try
        {
            var readSeq = await billing.NextReadAsync(ct);
            return await reader.ReadAsync(kind, id, ct) is { } snapshot ? await CompareAsync(snapshot, readSeq, repair, ct) : null;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            return $"cannot be compared: {fault.Message}";
        }
    }

    private async Task<string?> CompareAsync(StripeSnapshot shown, long readSeq, bool repair, CancellationToken ct)
    {
        var snapshot = shown.ToJson();
        var preview = await billing.PreviewAsync(snapshot, clock.GetUtcNow(), ct);
        if (preview.Outcome is "UNCHANGED" or "FOREIGN")
            return null;
        if (!repair)
            return preview.Outcome == "APPLIED" ? $"would change; then {preview.PlanType}, {preview.Available} credits" : $"{preview.Outcome} {preview.Detail}";

        var result = await billing.ApplyAsync(snapshot, readSeq, clock.GetUtcNow(), ct);
        if (result is { Changed: true, UserId: { } userId })
            await billing.NotifyAsync([userId], ct);
        return result.Changed ? $"repaired; now {preview.PlanType}, {preview.Available} credits" : $"{result.Outcome} {result.Detail}";
    }

    [LoggerMessage(LogLevel.Warning, "A page of {Objects} objects could not be compared together; each is read on its own")]
    private partial void LogOneByOne(Exception fault, int objects);
}
