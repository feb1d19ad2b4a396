namespace Aurion.Sandbox.Seed;

/// <summary>Two hundred invented people over twelve months: more join every month, some pay, some stop.</summary>
internal static class DemoPeople
{
    private const int Count = 200;
    private const int Days = 365;

    private static readonly string[] FirstNames =
    [
        "Alice", "Amine", "Ana", "Arthur", "Aya", "Benoit", "Camille", "Chloe", "Daniel", "Elena", "Emma", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Julia", "Karim", "Lea", "Liam",
        "Louis", "Lucia", "Maya", "Mila", "Noah", "Nora", "Olga", "Omar", "Paul", "Rosa", "Sam", "Sara", "Sofia", "Theo", "Tom", "Ulla", "Victor", "Wei", "Yann", "Zoe",
    ];

    private static readonly string[] LastNames =
    [
        "Almeida", "Baker", "Bernard", "Costa", "Diallo", "Dubois", "Evans", "Fischer", "Garcia", "Girard", "Haddad", "Ivanova", "Jensen", "Kowalski", "Lambert", "Laurent",
        "Martin", "Moreau", "Nguyen", "Okafor", "Petit", "Quinn", "Rossi", "Schmidt", "Silva", "Tanaka", "Usman", "Vidal", "Weber", "Zimmer",
    ];

    // How many of a hundred people end on a plan, and how often they launch a tool on a working day.
    private static readonly (string Plan, int Share, double LaunchesADay)[] Habits =
    [
        ("free", 58, 0.06), ("starter", 24, 0.2), ("plus", 13, 0.35), ("pro", 4, 0.9), ("enterprise", 1, 2),
    ];

    private static readonly string[] Tools = ["app-builder", "website-builder", "ai-agents", "content-generator", "content-generator", "code-editor", "code-editor", "text-editor", "text-editor", "text-editor"];

    public static IReadOnlyList<DemoPerson> Create(DateTimeOffset now)
    {
        var random = new DemoRandom(2026);
        return [.. Enumerable.Range(0, Count).Select(n => Person(n, now, random))];
    }

    private static DemoPerson Person(int n, DateTimeOffset now, DemoRandom random)
    {
        // The exponent bends the line: a few at first, many of late.
        var joined = now.AddDays(-Days + (Days - 2) * Math.Pow((n + random.Next()) / Count, 0.6)).AddHours(-3);
        var (first, last) = (FirstNames[n % FirstNames.Length], LastNames[(n * 7 + n / FirstNames.Length) % LastNames.Length]);
        var (plan, habit) = Habit(random.Next(100));
        var subscription = plan == "free" ? null : Subscription(plan, joined, now, random);
        return new DemoPerson(random.Id(joined), $"{first}.{last}.{n + 1}@demo.aurion.test".ToLowerInvariant(), $"{first} {last}", n % 3 == 0 ? "fr" : "en", joined)
        {
            Subscription = subscription,
            Launches = [.. Launches(joined, subscription, habit, now, random)],
        };
    }

    private static (string Plan, double LaunchesADay) Habit(int percent)
    {
        foreach (var (plan, share, launches) in Habits)
        {
            if (percent < share)
                return (plan, launches);
            percent -= share;
        }
        return (Habits[0].Plan, Habits[0].LaunchesADay);
    }

    private static DemoSubscription? Subscription(string plan, DateTimeOffset joined, DateTimeOffset now, DemoRandom random)
    {
        var started = joined.AddDays(1 + random.Next(20)).AddMinutes(random.Next(600));
        var yearly = random.Next(100) < 15;
        var stops = random.Next(100) < 25;
        var cancelled = started.AddDays(40 + random.Next(150));
        return started > now.AddHours(-1) ? null
            : new DemoSubscription(plan, yearly ? "year" : "month", started, stops && cancelled < now ? cancelled : null);
    }

    private static IEnumerable<DemoLaunch> Launches(DateTimeOffset joined, DemoSubscription? subscription, double perDay, DateTimeOffset now, DemoRandom random)
    {
        // Everybody launches at one moment of the day, another each day, so that the history is lived through in few steps.
        for (var day = joined.Date.AddDays(1); day < now.UtcDateTime.Date; day = day.AddDays(1))
        {
            var at = new DateTimeOffset(day, TimeSpan.Zero);
            var pays = subscription is not null && at > subscription.StartedAt;
            var mood = (pays ? perDay : Habits[0].LaunchesADay) * (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.4 : 1.2);
            for (; random.Next() < mood; mood -= 1)
                yield return new DemoLaunch(at.AddHours(7 + day.DayOfYear * 5 % 13).AddMinutes(day.Day), random.Pick(Tools));
        }
    }
}
