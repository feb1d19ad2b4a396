using System.Diagnostics;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

public sealed class KilledWebTests(AurionApp books) : IClassFixture<AurionApp>
{
    private readonly Uri address = KillableWeb.FreeAddress();

    [Fact]
    public async Task A_web_that_is_killed_while_people_spend_takes_nothing_twice_and_forgets_nothing()
    {
        var web = await StartAsync();
        var spenders = new Spenders(books, person => new HttpClient { BaseAddress = address, DefaultRequestHeaders = { Authorization = new("Bearer", person.Token) } });
        try
        {
            await spenders.SpendAsync(async () =>
            {
                for (var kill = 0; kill < 2; kill++)
                {
                    await Task.Delay(700);
                    web.Kill();
                    await web.WaitForExitAsync();
                    web.Dispose();
                    web = await StartAsync();
                }
            });
        }
        finally
        {
            web.Kill();
            web.Dispose();
        }
        Assert.True(spenders.Lost > 0, "Nobody noticed the killing.");
    }

    private Task<Process> StartAsync() => KillableWeb.StartAsync(books, address, ("OPENROUTER_API_KEY", "sk-or-v1-sandbox-tests"), ("OPENROUTER_API_BASE", "http://127.0.0.1:9"));
}
