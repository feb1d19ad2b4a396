using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>Ten briefs whose apps are not only shown in the preview: each is used there, and has to be right.</summary>
public sealed class ProducedAppTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    private static readonly Dictionary<string, Func<IFrameLocator, Task>> Uses = new(StringComparer.Ordinal)
    {
        ["A unit converter: lengths, masses and temperatures, as I type."] = async app =>
        {
            await app.Locator("#amount").FillAsync("100");
            await Expect(app.Locator("#result")).ToHaveTextAsync("100 kilometres = 62.1371 miles");
            await app.Locator("#swap").ClickAsync();
            await Expect(app.Locator("#result")).ToHaveTextAsync("100 miles = 160.934 kilometres");
            await app.Locator("#from").SelectOptionAsync("°C");
            await app.Locator("#amount").FillAsync("-40");
            await Expect(app.Locator("#result")).ToHaveTextAsync("-40 °C = -40 °F");
            await Expect(app.Locator("#to option")).ToHaveCountAsync(1);
        },
        ["A tip splitter for a restaurant: bill, tip, people."] = async app =>
        {
            await app.Locator("#bill").FillAsync("86.40");
            await app.Locator("#percent").FillAsync("15");
            await app.Locator("#people").FillAsync("4");
            await Expect(app.Locator("#total")).ToHaveTextAsync("99.36");
            await Expect(app.Locator("#shares")).ToHaveTextAsync("24.84");
            await app.Locator("#people").FillAsync("7");
            // 7 × 14.19 are three cents short.
            await Expect(app.Locator("#shares")).ToHaveTextAsync("3 × 14.20, 4 × 14.19");
        },
        ["A habit tracker for the week, with the longest row of days."] = async app =>
        {
            await app.Locator("#name").FillAsync("Stretch");
            await app.Locator("#form button").ClickAsync();
            foreach (var day in new[] { "Mon", "Tue", "Wed", "Fri" })
                await app.GetByLabel($"Stretch, {day}").CheckAsync();
            await Expect(app.GetByRole(AriaRole.Row, new() { Name = "Stretch" })).ToContainTextAsync("3 in a row");
            await app.GetByLabel("Stretch, Tue").UncheckAsync();
            await Expect(app.GetByRole(AriaRole.Row, new() { Name = "Stretch" })).ToContainTextAsync("1 in a row");
            await app.GetByLabel("Remove Walk").ClickAsync();
            await Expect(app.Locator("tbody tr")).ToHaveCountAsync(2);
        },
        ["A quiz about capitals, three questions and a score."] = async app =>
        {
            foreach (var (answer, verdict) in new[] { ("Ljubljana", "Right."), ("Tallinn", "No, it is Riga."), ("Lisbon", "Right.") })
            {
                await app.GetByRole(AriaRole.Button, new() { Name = answer }).ClickAsync();
                await Expect(app.Locator("#verdict")).ToHaveTextAsync(verdict);
                await app.Locator("#next").PressAsync("Enter");
            }
            await Expect(app.Locator("#question")).ToHaveTextAsync("You have 2 of 3.");
            await app.Locator("#next").ClickAsync();
            await Expect(app.Locator("#count")).ToHaveTextAsync("Question 1 of 3");
        },
        ["A kanban board for an allotment: to do, doing, done."] = async app =>
        {
            await app.Locator("#text").FillAsync("Paint the shed");
            await app.Locator("#form button").ClickAsync();
            foreach (var card in new[] { "Paint the shed", "Order seeds" })
                await app.GetByLabel($"Move {card} to Doing").ClickAsync();
            await Expect(app.GetByRole(AriaRole.Heading, new() { Name = "Doing (3)" })).ToBeVisibleAsync();
            await app.GetByLabel("Move Mend the gate to Doing").ClickAsync();
            await Expect(app.Locator("#note")).ToHaveTextAsync("At most 3 cards are being done at a time.");
            await app.GetByLabel("Move Paint the shed to Done").ClickAsync();
            await Expect(app.GetByRole(AriaRole.Region, new() { Name = "Done" })).ToContainTextAsync("Done (1)");
            await Expect(app.GetByRole(AriaRole.Region, new() { Name = "To do" }).Locator("li")).ToHaveCountAsync(1);
        },
        ["A kitchen timer that can be paused."] = async app =>
        {
            await app.Locator("#minutes").FillAsync("1");
            await app.Locator("#seconds").FillAsync("5");
            await Expect(app.Locator("#clock")).ToHaveTextAsync("1:05");
            await app.Locator("#go").ClickAsync();
            await app.Locator("#go").ClickAsync();
            await Expect(app.Locator("#go")).ToHaveTextAsync("Go on");
            await app.Locator("#reset").ClickAsync();
            await Expect(app.Locator("#clock")).ToHaveTextAsync("1:05");
            await app.Locator("#minutes").FillAsync("0");
            await app.Locator("#seconds").FillAsync("2");
            await app.Locator("#go").ClickAsync();
            await Expect(app.Locator("#note")).ToHaveTextAsync("Time is up.");
            await Expect(app.Locator("#clock")).ToHaveTextAsync("0:00");
        },
        ["The expenses of a trip with friends, and who owes whom."] = async app =>
        {
            foreach (var (who, what, amount) in new[] { ("Ada", "hut", "90"), ("Ben", "train", "30"), ("Cem", "map", "0") })
            {
                await app.Locator("#who").FillAsync(who);
                await app.Locator("#what").FillAsync(what);
                await app.Locator("#amount").FillAsync(amount);
                await app.Locator("#form button").ClickAsync();
            }
            await Expect(app.Locator("#sum")).ToHaveTextAsync("120.00 in all, by 3");
            await Expect(app.Locator("#debts li")).ToHaveTextAsync(["Cem pays Ada 40.00", "Ben pays Ada 10.00"]);
            await app.GetByLabel("Remove train").ClickAsync();
            await Expect(app.Locator("#debts li")).ToHaveTextAsync(["Cem pays Ada 45.00"]);
        },
        ["Flash cards for French words; what I do not know comes back."] = async app =>
        {
            await app.Locator("#turn").ClickAsync();
            await Expect(app.Locator("#meaning")).ToHaveTextAsync("lantern");
            await app.Locator("#again").ClickAsync();
            for (var i = 0; i < 2; i++)
            {
                await app.Locator("#turn").ClickAsync();
                await app.Locator("#known").ClickAsync();
            }
            await Expect(app.Locator("#left")).ToHaveTextAsync("1 left, 2 known");
            await Expect(app.Locator("#word")).ToHaveTextAsync("la lanterne");
            await app.Locator("#turn").ClickAsync();
            await app.Locator("#known").ClickAsync();
            await Expect(app.Locator("#word")).ToHaveTextAsync("All known.");
        },
        ["A booking app for my hair salon: services, durations, and the free times of a day."] = async app =>
        {
            await Expect(app.Locator("#time option")).ToHaveCountAsync(11);
            await app.Locator("#service").SelectOptionAsync("Colour, 90 min");
            await app.Locator("#time").SelectOptionAsync("09:30");
            await app.Locator("#name").FillAsync("Ada");
            await app.Locator("#form button").ClickAsync();
            await Expect(app.Locator("#bookings li")).ToContainTextAsync("09:30–11:00 Ada, Colour");
            // Until 9:30 and from 11:00, another hour and a half fits nowhere, and half an hour does.
            await Expect(app.Locator("#time option")).ToHaveCountAsync(0);
            await app.Locator("#service").SelectOptionAsync("Cut, 30 min");
            await Expect(app.Locator("#time option")).ToHaveTextAsync(["09:00", "11:00", "11:15", "11:30"]);
            await app.GetByLabel("Cancel Ada").ClickAsync();
            await Expect(app.Locator("#count")).ToHaveTextAsync("0 bookings");
            await Expect(app.Locator("#time option")).ToHaveCountAsync(11);
        },
        ["A colour palette from one colour, with the contrast of its shades."] = async app =>
        {
            await app.Locator("#code").FillAsync("#777777");
            // The grey that fails WCAG by two hundredths.
            await Expect(app.Locator("#shades li").Nth(2)).ToHaveTextAsync("#777777 4.48 : 1, not for text");
            await app.Locator("#code").FillAsync("#767676");
            await Expect(app.Locator("#shades li").Nth(2)).ToHaveTextAsync("#767676 4.54 : 1, for text");
            await app.Locator("#write").ClickAsync();
            await Expect(app.Locator("#css")).ToContainTextAsync("--shade-3: #767676;");
            await app.Locator("#code").FillAsync("#12");
            await Expect(app.Locator("#note")).ToContainTextAsync("six digits");
        },
    };

    [Fact]
    public async Task Ten_apps_are_built_from_their_briefs_in_one_session_and_work()
    {
        var visitor = await VisitAsync();
        await visitor.SignUpAsync();
        await visitor.LaunchAsync("app-builder");
        var tool = visitor.Tool;
        var app = tool.FrameLocator("#preview");
        var left = 20;
        foreach (var (brief, useAsync) in Uses)
        {
            Say(brief);
            await tool.Locator("#brief").FillAsync(brief);
            await tool.Locator("#composer button").ClickAsync();
            await tool.Locator("[data-build]").ClickAsync();
            await Expect(app.Locator("h1")).ToBeVisibleAsync();

            await useAsync(app);

            // The plan is one call, the app another; after the last one that is included, the price of the next is told.
            left -= 2;
            await Expect(tool.Locator("[data-calls]").First).ToContainTextAsync(left > 0 ? $"{left}" : "A call costs 2");
            await tool.Locator("#works summary").ClickAsync();
            await tool.Locator("#works").GetByRole(AriaRole.Button, new() { Name = "New piece of work" }).ClickAsync();
            await Expect(tool.Locator("[data-build]")).ToHaveCountAsync(0);
        }
        await tool.Locator("#works summary").ClickAsync();
        // All of them, and the new one.
        await Expect(tool.Locator("#works").GetByRole(AriaRole.Button)).ToHaveCountAsync(Uses.Count + 1);
    }
}
