using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.Seed;

/// <summary>The five accounts that a newcomer signs in with.</summary>
internal static class DemoAccounts
{
    /// <summary>Who they are, for those who choose one.</summary>
    public static readonly IReadOnlyList<(string Email, string What)> Told =
    [
        ("newcomer@demo.aurion.test", "Free, 100 credits untouched"),
        ("empty@demo.aurion.test", "Free, no credit left"),
        ("plus@demo.aurion.test", "Plus, in the middle of a period"),
        ("past-due@demo.aurion.test", "Starter, its last payment failed"),
        (WebSettings.Administrator, "administrator"),
    ];

    public static IReadOnlyList<DemoPerson> Create(DateTimeOffset now)
    {
        var random = new DemoRandom(5);
        DemoPerson Person(string name, string fullName, DateTimeOffset joined) => new(random.Id(joined), $"{name}@demo.aurion.test", fullName, "en", joined);

        // No launch of the last day: a session that still lives would make the next launch free, which surprises whoever tries it.
        var plusSince = now.AddDays(-15).AddMonths(-2);
        return
        [
            Person("newcomer", "Noa Newcomer", now.AddMinutes(-5)),
            Person("empty", "Eli Empty", now.AddDays(-6)) with { Launches = [new(now.AddDays(-5), "app-builder"), new(now.AddDays(-3), "app-builder")] },
            Person("plus", "Paula Plus", plusSince.AddDays(-9)) with
            {
                Subscription = new("plus", "month", plusSince),
                Launches = [.. PlusDays(now, random)],
            },
            Person("past-due", "Pat Due", now.AddDays(-2).AddMonths(-2).AddDays(-4)) with
            {
                Subscription = new("starter", "month", now.AddDays(-2).AddMonths(-2), LastPaymentFailed: true),
                Launches = [new(now.AddDays(-40), "website-builder"), new(now.AddDays(-20), "content-generator"), new(now.AddDays(-12), "code-editor")],
            },
            new DemoPerson(random.Id(now.AddMonths(-11)), WebSettings.Administrator, "Ada Admin", "en", now.AddMonths(-11)),
        ];
    }

    /// <summary>Use on every one of the last thirty days but today, more on working days.</summary>
    private static IEnumerable<DemoLaunch> PlusDays(DateTimeOffset now, DemoRandom random)
    {
        string[] tools = ["app-builder", "text-editor", "content-generator", "code-editor", "ai-agents", "content-generator", "text-editor"];
        for (var day = 30; day >= 1; day--)
        {
            var at = now.AddDays(-day).AddHours(-2);
            var launches = at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : 2 + random.Next(3);
            for (var n = 0; n < launches; n++)
                yield return new DemoLaunch(at.AddMinutes(-25 * n), random.Pick(tools));
        }
    }
}
