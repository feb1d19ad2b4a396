using System.Globalization;
using System.Runtime.InteropServices;

namespace Aurion.Sandbox.Host;

/// <summary>Aurion.Web as processes of its own: its verbs, and the server.</summary>
internal sealed class WebApp(Clone clone, IReadOnlyDictionary<string, string> settings)
{
    // Ready in a few seconds on an idle machine; on one with twenty other things to do, in minutes.
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(5);

    // The runtime we run on knows its own dotnet; PATH may know another or none.
    private static string Dotnet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..",
        OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>Runs one verb, as an operator would type it, and gives what it printed.</summary>
    public async Task<string> RunVerbAsync(string verb, CancellationToken ct)
    {
        var (code, output) = await ChildProcess.RunAsync([Dotnet, Assembly(), .. verb.Split(' ')], clone.WebFolder, settings, ct);
        return code == 0 ? output
            : throw new SandboxException(string.Create(CultureInfo.InvariantCulture, $"Aurion.Web {verb} ended with {code}:{Environment.NewLine}{output}{Environment.NewLine}If the database comes from another state of the code: --fresh starts from an empty one."));
    }

    /// <summary>Starts the server and waits until it says that it is ready.</summary>
    public async Task<ChildProcess> StartAsync(string address, string logFile, CancellationToken ct)
    {
        // The owner's connection is for the verbs; a server that never sees it cannot lose it.
        var own = new Dictionary<string, string>(settings) { ["ConnectionStrings__AurionOwner"] = "" };
        var web = ChildProcess.Start("Aurion.Web", [Dotnet, Assembly()], clone.WebFolder, environment: own, onLine: new LogFile(logFile).Write);
        try
        {
            await WaitUntilReadyAsync(web, address, ct);
            return web;
        }
        catch
        {
            await web.DisposeAsync();
            throw;
        }
    }

    private static async Task WaitUntilReadyAsync(ChildProcess web, string address, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        var last = "no answer yet";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(ReadyWithin);
        while (!web.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(address + "/health/ready"), patience.Token);
                if (answer.IsSuccessStatusCode)
                    return;
                last = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(patience.Token)}";
                await Task.Delay(100, patience.Token);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, ct);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested && !ct.IsCancellationRequested)
            {
                throw new SandboxException($"Aurion.Web did not become ready within {ReadyWithin.TotalMinutes:0} minutes at {address}/health/ready ({last}):{Environment.NewLine}{web.LastOutput}");
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                // One answer was slow; the next may not be.
            }
        }
        throw Died(web);
    }

    public static SandboxException Died(ChildProcess child) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{child.Name} ended by itself with {child.ExitCode}:{Environment.NewLine}{child.LastOutput}"));

    private string Assembly() => File.Exists(clone.WebAssembly) ? clone.WebAssembly
        : throw new SandboxException($"Aurion.Web is not built: {clone.WebAssembly} is missing. Type: dotnet build Aurion.sln");
}
