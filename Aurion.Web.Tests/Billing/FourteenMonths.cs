using System.Diagnostics;
using System.Globalization;
using Aurion.Web.Billing.Subscriptions;

namespace Aurion.Web.Tests.Billing;

/// <summary>
/// Fourteen months from 31 January 2028 over a leap day: bought, raised, lowered, cancelled and resumed, not paid and then paid,
/// refunded in parts, ended. Between credits spent and the next event lie more than three days, so that a delivery which is late
/// by that much cannot move a launch into another period.
/// </summary>
public sealed class FourteenMonths : RecordingApp, IAsyncLifetime
{
    /// <summary>What was seen, line by line.</summary>
    public List<string> Seen { get; } = [];

    public TimeSpan Took { get; private set; }

    public override async Task InitializeAsync()
    {
        var watch = Stopwatch.StartNew();
        await base.InitializeAsync();
        await LiveAsync();
        Took = watch.Elapsed;
    }

    private async Task LiveAsync()
    {
        await BeginAsync(Day(2028, 1, 31) - TimeSpan.FromMinutes(30));
        await SpendAsync();
        await NoteAsync("signed up, one launch");
        Clock.Advance(TimeSpan.FromMinutes(30));
        await PayAsync(await OpenCheckoutAsync(Person, "starter"));
        await NoteAsync("buys Starter");
        await AtAsync(Day(2028, 2, 10), "two launches", () => SpendAsync(2));
        await RenewAsync(Day(2028, 2, 29));
        await AtAsync(Day(2028, 3, 8), "a launch", () => SpendAsync());
        await AtAsync(Day(2028, 3, 15), "changes to Plus", () => ChangeAsync("plus"));
        await AtAsync(Day(2028, 3, 20), "a launch", () => SpendAsync());
        await RenewAsync(Day(2028, 4, 15));
        await AtAsync(Day(2028, 4, 20), "$10 of $29 go back", () => RefundAsync(1000));
        await AtAsync(Day(2028, 4, 25), "another $9 go back", () => RefundAsync(900));
        await RenewAsync(Day(2028, 5, 15));
        await AtAsync(Day(2028, 5, 20), "changes to Pro", () => ChangeAsync("pro"));
        await AtAsync(Day(2028, 5, 25), "three launches", () => SpendAsync(3));
        await RenewAsync(Day(2028, 6, 20));
        await AtAsync(Day(2028, 6, 25), "will be Starter", () => ChangeAsync("starter"));
        await RenewAsync(Day(2028, 7, 20));
        await AtAsync(Day(2028, 7, 24), "cancels", () => EndAsync(true));
        await AtAsync(Day(2028, 7, 28), "resumes", () => EndAsync(false));
        await AtAsync(Day(2028, 8, 2), "a card that will fail", () => CardAsync("pm_card_chargeCustomerFail"));
        await RenewAsync(Day(2028, 8, 20));
        await AtAsync(Day(2028, 8, 23).AddHours(1), "the second attempt fails");
        await AtAsync(Day(2028, 8, 25), "pays with a good card", PayAsync);
        await AtAsync(Day(2028, 9, 5), "a launch", () => SpendAsync());
        await RenewAsync(Day(2028, 9, 20));
        await AtAsync(Day(2028, 10, 1), "changes to Pro", () => ChangeAsync("pro"));
        await RenewAsync(Day(2028, 11, 1));
        await RenewAsync(Day(2028, 12, 1));
        await AtAsync(Day(2028, 12, 12), "will be Plus", () => ChangeAsync("plus"));
        await RenewAsync(Day(2029, 1, 1));
        await RenewAsync(Day(2029, 2, 1));
        await AtAsync(Day(2029, 2, 10), "twenty launches", () => SpendAsync(20));
        await AtAsync(Day(2029, 2, 20), "half of $29 goes back", () => RefundAsync(1450));
        await RenewAsync(Day(2029, 3, 1));
        await AtAsync(Day(2029, 3, 10), "cancels for good", () => EndAsync(true));
        await AtAsync(Day(2029, 4, 1), "the end");
        await AtAsync(Day(2029, 4, 10), "ten days later");
    }

    private static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 10, 30, 0, TimeSpan.Zero);

    private async Task AtAsync(DateTimeOffset time, string what, Func<Task>? act = null)
    {
        Clock.Advance(time - Clock.GetUtcNow());
        await (act?.Invoke() ?? Task.CompletedTask);
        await NoteAsync(what);
    }

    /// <summary>Stripe turns the period, and an hour later it asks for the money.</summary>
    private async Task RenewAsync(DateTimeOffset end)
    {
        await ToAsync(end);
        await AtAsync(end.AddHours(1), "renewal");
    }

    private async Task NoteAsync(string what)
    {
        await TakeAsync();
        var a = await AccountAsync(Person);
        Seen.Add(string.Create(CultureInfo.InvariantCulture,
            $"{Clock.GetUtcNow():yyyy-MM-dd HH:mm}  {what,-26}{a.Plan,-8} {a.Status,-9}{a.Total,6} {a.Used,5}  {a.Starts:yyyy-MM-dd HH:mm} – {a.Ends:yyyy-MM-dd HH:mm}"));
    }

    private async Task EndAsync(bool cancel) => _ = cancel
        ? Assert.IsType<ChangeResult.Planned>(await Service<PlanChanges>().CancelAsync(Person.Id, Guid.CreateVersion7(Clock.GetUtcNow()), false, CancellationToken.None)) as ChangeResult
        : Assert.IsType<ChangeResult.Changed>(await Service<PlanChanges>().ResumeAsync(Person.Id, Guid.CreateVersion7(Clock.GetUtcNow()), CancellationToken.None));

    /// <summary>As on Stripe's own page for cards.</summary>
    private async Task CardAsync(string card)
    {
        var customer = (await OfPersonAsync("subscriptions")).GetProperty("data")[0].GetProperty("customer").GetString()!;
        var method = (await AtStripeAsync(HttpMethod.Post, $"payment_methods/{card}/attach", ("customer", customer))).GetProperty("id").GetString()!;
        await AtStripeAsync(HttpMethod.Post, $"subscriptions/{await NewestAsync("subscriptions")}", ("default_payment_method", method));
    }

    private async Task PayAsync()
    {
        await CardAsync("pm_card_visa");
        await AtStripeAsync(HttpMethod.Post, $"invoices/{await NewestAsync("invoices")}/pay");
    }
}

[CollectionDefinition(nameof(FourteenMonths))]
public sealed class FourteenMonthsDefinition : ICollectionFixture<FourteenMonths>;
