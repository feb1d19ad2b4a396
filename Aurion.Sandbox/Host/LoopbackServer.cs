using System.Net;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aurion.Sandbox.Host;

/// <summary>The HTTP server of one stand-in, on loopback only and silent.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private LoopbackServer(WebApplication app) => this.app = app;

    /// <summary>The origin that it listens on, without a trailing slash.</summary>
    public string Address => app.Urls.Single();

    /// <summary>Starts a server; port 0 takes a free one.</summary>
    public static async Task<LoopbackServer> StartAsync(int port, Action<WebApplication> map, Action<IServiceCollection>? services = null, CancellationToken ct = default)
    {
        // Nothing of the surroundings (settings files, ASPNETCORE_URLS, environment name) may change a stand-in.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Sandbox" });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
        });
        // Signals belong to the sandbox as a whole.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        builder.Services.AddRazorComponents();
        builder.Services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync(ct);
        return new LoopbackServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        // Open streams (server-sent events, slow answers of a fault) must not hold up the end.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
