using System.Text;
using Aurion.Data.Billing;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Sync;

/// <summary>
/// Compares Stripe with our books, both ways: events that never came, subscriptions, invoices and packs that we see otherwise,
/// and those that Stripe does not know. A difference is what applying would change, found by the applying code itself.
/// </summary>
public sealed class BillingReconciler(
    StripeGateway stripe, StripeReader reader, BillingStore billing, ReconcileStore ours, StripeEventStore events, ApplyStripeEventsJob apply, StripeOptions options, TimeProvider clock)
{
    private static readonly TimeSpan KeptByStripe = TimeSpan.FromDays(30);

    /// <summary>How many differences there are; each is reported as a line. With <paramref name="repair"/> they are repaired.</summary>
    public async Task<int> RunAsync(bool repair, Action<string> report, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(report);
        var drift = await CompareEventsAsync(repair, report, ct);
        var live = (await ours.ListLiveAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var paid = (await ours.ListPaidInvoicesAsync(ct)).ToHashSet(StringComparer.Ordinal);
        // Those that are over come first: they make room for the one that followed.
        foreach (var subscription in (await ListAsync(ct)).OrderByDescending(subscription => subscription.IsOver))
        {
            live.Remove(subscription.Id);
            if (subscription.Livemode == options.IsLive() && await CompareAsync(subscription, paid, repair, ct) is { } difference)
            {
                report($"{subscription.Id}: {difference}");
                drift++;
            }
        }
        foreach (var id in live)
        {
            report($"{id}: alive here, unknown to Stripe");
            drift++;
        }
        foreach (var id in paid)
            report($"{id}: paid here, unknown to Stripe");
        return drift + paid.Count + await ComparePacksAsync(repair, report, ct);
    }

    private async Task<int> ComparePacksAsync(bool repair, Action<string> report, CancellationToken ct)
    {
        var (drift, since) = (0, clock.GetUtcNow() - KeptByStripe);
        var granted = (await ours.ListPacksAsync(since.AddDays(1), ct)).ToHashSet(StringComparer.Ordinal);
        await foreach (var (kind, id, isOurs) in stripe.ListPurchasesAsync(since, ct))
        {
            granted.Remove(id);
            var readSeq = await billing.NextReadAsync(ct);
            if (isOurs && await reader.ReadAsync(kind, id, ct) is { } snapshot && snapshot.Livemode == options.IsLive()
                && await CompareAsync(snapshot, readSeq, repair, ct) is { } difference)
            {
                report($"{id}: {difference}");
                drift++;
            }
        }
        foreach (var id in granted)
            report($"{id}: paid here, unknown to Stripe");
        return drift + granted.Count;
    }

    private async Task<int> CompareEventsAsync(bool repair, Action<string> report, CancellationToken ct)
    {
        var known = new Dictionary<string, (string Type, string Json)>(StringComparer.Ordinal);
        await foreach (var (id, type, json) in stripe.ListEventsAsync(clock.GetUtcNow() - KeptByStripe, ct))
        {
            if (StripeSetup.EventTypes.Contains(type))
                known[id] = (type, json);
        }
        var missing = await ours.FindMissingEventsAsync([.. known.Keys], ct);
        foreach (var id in missing)
        {
            report($"{id}: {known[id].Type} never arrived");
            if (repair && StripeEventReader.TryRead(Encoding.UTF8.GetBytes(known[id].Json)) is { } received)
                await events.AddAsync([received], clock.GetUtcNow(), ct);
        }
        if (repair && missing.Count > 0)
            await apply.RunAsync(ct);
        return missing.Count;
    }

    private async Task<List<StripeSubscription>> ListAsync(CancellationToken ct)
    {
        var all = new List<StripeSubscription>();
        await foreach (var subscription in stripe.ListSubscriptionsAsync(ct))
            all.Add(subscription);
        return all;
    }

    private async Task<string?> CompareAsync(StripeSubscription listed, HashSet<string> paid, bool repair, CancellationToken ct)
    {
        var seen = await WithInvoicesAsync(listed, ct);
        paid.ExceptWith(seen.Invoices.Select(invoice => invoice.Id));
        if ((await billing.PreviewAsync(seen.ToJson(), clock.GetUtcNow(), ct)).Outcome == "UNCHANGED")
            return null;
        // What was listed a while ago may have changed since, and we may know: only a look that begins now tells a difference.
        var readSeq = await billing.NextReadAsync(ct);
        return await stripe.FindSubscriptionAsync(listed.Id, ct) is { Subscription: var subscription }
            ? await CompareAsync(await WithInvoicesAsync(subscription, ct), readSeq, repair, ct)
            : null;
    }

    private async Task<StripeSnapshot> WithInvoicesAsync(StripeSubscription subscription, CancellationToken ct) => new(
        subscription.CustomerId, subscription.ClaimedUser, subscription.Livemode, subscription,
        [.. (await stripe.ListInvoicesAsync(subscription.Id, ct)).OrderBy(invoice => invoice.CreatedAt)], null);

    private async Task<string?> CompareAsync(StripeSnapshot shown, long readSeq, bool repair, CancellationToken ct)
    {
        var snapshot = shown.ToJson();
        var preview = await billing.PreviewAsync(snapshot, clock.GetUtcNow(), ct);
        if (preview.Outcome == "UNCHANGED")
            return null;
        if (!repair)
            return preview.Outcome == "APPLIED" ? $"would change; then {preview.PlanType}, {preview.Available} credits" : $"{preview.Outcome} {preview.Detail}";

        var result = await billing.ApplyAsync(snapshot, readSeq, clock.GetUtcNow(), ct);
        if (result is { Changed: true, UserId: { } userId })
            await billing.NotifyAsync([userId], ct);
        return result.Changed ? $"repaired; now {preview.PlanType}, {preview.Available} credits" : $"{result.Outcome} {result.Detail}";
    }
}
