namespace Aurion.Web.Tests.Billing;

/// <summary>A person buys Starter and changes to Plus ten days later: the six events that tell of it.</summary>
public sealed class OneUpgrade : RecordingApp, IAsyncLifetime
{
    private static readonly (int Moment, string Type)[] Telling =
    [
        (0, "checkout.session.completed"), (0, "customer.subscription.created"), (0, "invoice.payment_succeeded"),
        (1, "customer.subscription.updated"), (1, "invoice.finalized"), (1, "invoice.payment_succeeded"),
    ];

    /// <summary>The books after the first purchase, and after the upgrade.</summary>
    public List<string> Seen { get; } = [];

    public IReadOnlyList<(int Moment, string Event)> Events => [.. Telling.Select(told =>
        (told.Moment, Recording.Moments[told.Moment].Events.Last(e => e.Contains($"\"{told.Type}\"", StringComparison.Ordinal))))];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var day = new DateTimeOffset(2028, 1, 31, 10, 30, 0, TimeSpan.Zero);
        await BeginAsync(day);
        await PayAsync(await OpenCheckoutAsync(Person, "starter"));
        await TakeAsync();
        Seen.Add((await this.SeenAsync([Person.Id], Detail.Moved))[0]);
        Clock.Advance(TimeSpan.FromDays(10));
        await ChangeAsync("plus");
        await TakeAsync();
        Seen.Add((await this.SeenAsync([Person.Id], Detail.Moved))[0]);
    }
}
