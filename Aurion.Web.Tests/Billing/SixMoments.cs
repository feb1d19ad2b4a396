using Aurion.Web.Billing.Subscriptions;

namespace Aurion.Web.Tests.Billing;

/// <summary>
/// A life of six moments, each of which leaves other books: bought, raised, renewed, refunded in part, raised twice within one
/// second, cancelled. Of each moment the events are kept that say what was paid, given back or changed.
/// </summary>
public sealed class SixMoments : RecordingApp, IAsyncLifetime
{
    private static readonly string[] Telling = ["invoice.paid", "charge.refunded", "customer.subscription.updated"];

    public List<string> Seen { get; } = [];

    /// <summary>What each moment tells.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Messages => [.. Recording.Moments.Select((moment, place) => (IReadOnlyList<string>)
        [.. moment.Events.Where(e => Telling.Any(type => (type[0] != 'c' || place is 3 or 5) && e.Contains($"\"{type}\"", StringComparison.Ordinal)))])];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var day = new DateTimeOffset(2028, 1, 31, 10, 30, 0, TimeSpan.Zero);
        await BeginAsync(day);
        await PayAsync(await OpenCheckoutAsync(Person, "starter"));
        await NoteAsync(day);
        await NoteAsync(day.AddDays(10), () => ChangeAsync("plus"));
        // The upgrade began a new period: it renews on the tenth.
        Clock.Advance(new DateTimeOffset(2028, 3, 10, 10, 30, 0, TimeSpan.Zero) - Clock.GetUtcNow());
        await SettleAsync();
        await NoteAsync(Clock.GetUtcNow().AddHours(1));
        await NoteAsync(day.AddDays(45), () => RefundAsync(1000));
        await NoteAsync(day.AddDays(50), async () =>
        {
            await ChangeAsync("pro");
            await ChangeAsync("enterprise");
        });
        await NoteAsync(day.AddDays(55), () => Service<PlanChanges>().CancelAsync(Person.Id, Guid.CreateVersion7(Clock.GetUtcNow()), false, CancellationToken.None));
    }

    private async Task NoteAsync(DateTimeOffset time, Func<Task>? act = null)
    {
        Clock.Advance(time - Clock.GetUtcNow());
        await (act?.Invoke() ?? Task.CompletedTask);
        await TakeAsync();
        Seen.Add((await this.SeenAsync([Person.Id], Detail.Moved))[0]);
    }
}
