using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>Aurion.Web as a process of its own on an app's database, to be killed in the middle of its work.</summary>
internal static class KillableWeb
{
    public static Uri FreeAddress() => new($"http://127.0.0.1:{FreePort()}");

    /// <summary>Once it answers; Stripe is out of its reach.</summary>
    /// <param name="providers">The settings of what it calls.</param>
    public static async Task<Process> StartAsync(AurionApp app, Uri address, params (string Setting, string Value)[] providers)
    {
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = address.ToString(),
            ["ConnectionStrings__Aurion"] = TestDatabases.AsApplication(app.OwnerConnectionString),
            ["AURION_PUBLIC_URL"] = "http://127.0.0.1:5080",
            ["AURION_TOOLS_ORIGIN"] = "http://127.0.0.1:5085",
            ["JWT_SECRET"] = AurionApp.JwtSecret,
            ["STRIPE_SECRET_KEY"] = "sk_test_sandbox_tests",
            ["STRIPE_API_BASE"] = "http://127.0.0.1:9",
        };
        foreach (var (setting, value) in providers)
            environment[setting] = value;
        var web = WebProcess.Start([], environment);
        _ = (web.StandardOutput.BaseStream.CopyToAsync(Stream.Null), web.StandardError.BaseStream.CopyToAsync(Stream.Null));
        using var http = new HttpClient();
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                return (await http.GetAsync(new Uri(address, "/health/live"))).StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                Assert.False(web.HasExited, "The web ended by itself.");
                return false;
            }
        }, "the web process answers");
        return web;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
