using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

public sealed class KilledWebTests(AurionApp books) : IClassFixture<AurionApp>
{
    private readonly Uri address = new($"http://127.0.0.1:{FreePort()}");

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
        Assert.True(spenders.Trouble.Lost > 0, "Nobody noticed the killing.");
    }

    private async Task<Process> StartAsync()
    {
        var web = WebProcess.Start([], new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = address.ToString(),
            ["ConnectionStrings__Aurion"] = TestDatabases.AsApplication(books.OwnerConnectionString),
            ["AURION_PUBLIC_URL"] = "http://127.0.0.1:5080",
            ["AURION_TOOLS_ORIGIN"] = "http://127.0.0.1:5085",
            ["JWT_SECRET"] = AurionApp.JwtSecret,
            ["STRIPE_SECRET_KEY"] = "sk_test_sandbox_tests",
            ["STRIPE_API_BASE"] = "http://127.0.0.1:9",
        });
        _ = (web.StandardOutput.BaseStream.CopyToAsync(Stream.Null), web.StandardError.BaseStream.CopyToAsync(Stream.Null));
        using var http = new HttpClient();
        for (var waited = 0; waited < 600; waited++)
        {
            try
            {
                if ((await http.GetAsync(new Uri(address, "/health/live"))).StatusCode == HttpStatusCode.OK)
                    return web;
            }
            catch (HttpRequestException)
            {
                Assert.False(web.HasExited, "The web ended by itself.");
            }
            await Task.Delay(100);
        }
        throw new TimeoutException("The web did not start within a minute.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
