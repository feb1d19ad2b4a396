using System.Diagnostics;
using Xunit.Abstractions;

namespace Aurion.E2E.Harness;

/// <summary>A test with browsers. When it fails, it shows what each tab shows and what the sandbox said.</summary>
[Collection(AurionCollection.Name)]
public abstract class BrowserTest(AurionSite site, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly List<Visitor> visitors = [];

    protected AurionSite Site { get; } = site;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var page in visitors.SelectMany(visitor => visitor.Page.Context.Pages))
            output.WriteLine($"{page.Url}{Environment.NewLine}{await page.Locator("body").AriaSnapshotAsync()}{Environment.NewLine}");
        output.WriteLine(Site.Output);
        foreach (var visitor in visitors)
            await visitor.Page.Context.CloseAsync();
        PageChecks.AssertNone(visitors.SelectMany(visitor => visitor.Faults));
    }

    protected async Task<Visitor> VisitAsync(Look? look = null)
    {
        var visitor = await Visitor.ArriveAsync(Site, look ?? new Look());
        visitors.Add(visitor);
        return visitor;
    }

    /// <summary>Waits for what happens behind the pages; ten seconds are plenty.</summary>
    protected static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), "It has not happened within ten seconds.");
            await Task.Delay(50);
        }
    }
}
