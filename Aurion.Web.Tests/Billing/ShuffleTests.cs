using System.Globalization;
using System.Runtime.InteropServices;
using Xunit.Abstractions;

namespace Aurion.Web.Tests.Billing;

/// <summary>
/// Copies of one person live the fourteen months again, all at once. Each gets the events in an order of its own, late by up to 72
/// hours, some twice, and reads at Stripe what it showed when the event came. <c>AURION_SHUFFLES=2000</c> runs that many.
/// </summary>
[Collection(nameof(FourteenMonths))]
public sealed class ShuffleTests(FourteenMonths life, ITestOutputHelper output)
{
    private static readonly TimeSpan Step = TimeSpan.FromHours(6);
    private static readonly int Shuffles = int.Parse(Environment.GetEnvironmentVariable("AURION_SHUFFLES") ?? "60", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Shuffled_late_and_repeated_deliveries_end_in_the_books_of_the_life(bool repeatedUnderTheSameId)
    {
        var lived = Assert.Single(await life.SeenAsync([life.Person.Id]));
        await using var replay = await ReplayApp.StartAsync(life, Shuffles);
        var due = Plan();
        var spends = life.Spends.ToLookup(s => s.At, s => s.Operation);

        foreach (var time in due.Keys.Concat(spends.Select(s => s.Key)).Append(life.Recording.Moments[^1].At).Distinct().Order())
        {
            replay.Clock.StopAt(time);
            foreach (var operation in spends[time])
                Assert.All(await replay.LaunchAsync(replay.People, operation), outcome => Assert.Equal("LAUNCHED", outcome));
            await replay.DeliverAsync((due.GetValueOrDefault(time) ?? []).Select(d => replay.EventFor(d.Copy, d.Event, repeatedUnderTheSameId ? 0 : d.Repetition)));
        }

        output.WriteLine($"{Shuffles} shuffles, {due.Sum(d => d.Value.Count)} deliveries");
        Books.AssertSame(lived, await replay.SeenAsync());
    }

    /// <summary>What is delivered when; the copy's number is its seed.</summary>
    private SortedDictionary<DateTimeOffset, List<Delivery>> Plan()
    {
        var due = new SortedDictionary<DateTimeOffset, List<Delivery>>();
        var events = life.Recording.Moments.SelectMany(moment => moment.Events.Select(e => (moment.At, Event: e))).ToList();
        for (var seed = 0; seed < Shuffles; seed++)
        {
            var random = new Random(seed);
            foreach (var (at, e) in events)
            {
                for (var repetition = random.Next(4) == 0 ? 1 : 0; repetition >= 0; repetition--)
                {
                    var late = at + (random.NextDouble() * TimeSpan.FromHours(72));
                    var time = new DateTimeOffset(((late.Ticks / Step.Ticks) + 1) * Step.Ticks, TimeSpan.Zero);
                    (due.TryGetValue(time, out var deliveries) ? deliveries : due[time] = []).Add(new(seed, e, repetition));
                }
            }
        }
        var order = new Random(0);
        foreach (var deliveries in due.Values)
            order.Shuffle(CollectionsMarshal.AsSpan(deliveries));
        return due;
    }

    private sealed record Delivery(int Copy, string Event, int Repetition);
}
