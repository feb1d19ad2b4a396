using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
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

    /// <summary>Into the test's own output.</summary>
    protected void Say(string line) => output.WriteLine(line);

    protected async Task<Visitor> VisitAsync(Look? look = null)
    {
        var visitor = await Visitor.ArriveAsync(Site, look ?? new Look());
        visitors.Add(visitor);
        return visitor;
    }

    /// <summary>Waits for what happens behind the pages; on a machine that has much else to do, too.</summary>
    protected static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), "It has not happened within two minutes.");
            await Task.Delay(50);
        }
    }

    /// <summary>Mails are sent behind the pages, and the mailbox shows what had come when it was opened.</summary>
    protected Task GetsMailAsync(string email, string subject, int times = 1) =>
        UntilAsync(async () => (await MailsAsync(email)).Count(mail => mail.Subject.StartsWith(subject, StringComparison.Ordinal)) == times);

    /// <summary>Everything that the person's mailbox holds.</summary>
    protected async Task<IReadOnlyList<Mail>> MailsAsync(string email)
    {
        using var http = new HttpClient();
        return await http.GetFromJsonAsync<List<Mail>>($"{Site.State.Mail}/api/messages?to={email}", JsonSerializerOptions.Web) ?? [];
    }

    /// <summary>Each mail in the mailbox holds what every page must hold, and says in its title what it is about.</summary>
    protected async Task ReadsMailsAsync(Visitor visitor, string email)
    {
        // A mail's looks stand on its elements, which the product's own pages forbid.
        await visitor.Page.GotoAsync(Site.State.Stripe);
        foreach (var mail in await MailsAsync(email))
        {
            await visitor.Page.SetContentAsync(mail.Html);
            await visitor.CheckAsync();
            Assert.Equal(mail.Subject, await visitor.Page.TitleAsync());
        }
    }

    protected sealed record Mail(string Subject, string Html, IReadOnlyList<string> Links);
}
