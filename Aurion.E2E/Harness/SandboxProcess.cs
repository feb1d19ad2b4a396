using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Aurion.E2E.Harness;

/// <summary>
/// A sandbox for these tests alone: started from an empty database in a folder of its own and on ports that nobody uses,
/// so neither another one of this run nor one that a developer has open is disturbed.
/// </summary>
public sealed class SandboxProcess : IAsyncDisposable
{
    // A machine with twenty other things to do takes minutes for one step of the start; one that takes longer hangs.
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(5);
    private static readonly DirectoryInfo Ours = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
    private static int started;
    private readonly string stateFile;
    private readonly StringBuilder output = new();
    private readonly Process process;

    private SandboxProcess()
    {
        var number = Interlocked.Increment(ref started);
        stateFile = Path.Combine(Path.GetTempPath(), $"aurion-e2e-{Environment.ProcessId}-{number}.json");
        var start = new ProcessStartInfo("dotnet", [Assembly(), "--fresh", "--state", stateFile])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AURION_ACCOUNTS_PER_NETWORK"] = "1000000";
        start.Environment["AURION_SANDBOX_HOME"] = Path.Combine(Path.GetTempPath(), $"aurion-e2e-{Environment.UserName}-{number}");
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public SandboxState State { get; private set; } = null!;

    /// <summary>What the sandbox has said so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>Warnings and errors of the web's log, with their stack traces; at most the last 80 lines.</summary>
    public string WebFaults() => string.Join(Environment.NewLine,
        File.ReadLines(Path.Combine(Clone().FullName, ".sandbox", $"web-{new Uri(State.Web).Port}.log")).Where(line => !line.Contains(" INF ", StringComparison.Ordinal)).TakeLast(80));

    public static async Task<SandboxProcess> StartAsync()
    {
        var sandbox = new SandboxProcess();
        try
        {
            await sandbox.UntilReadyAsync();
            return sandbox;
        }
        catch
        {
            await sandbox.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= AskToStop;
        if (!process.HasExited)
        {
            AskToStop(this, EventArgs.Empty);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        process.Dispose();
        File.Delete(stateFile);
        File.Delete(stateFile + ".waits-for");
    }

    private async Task UntilReadyAsync()
    {
        File.Delete(stateFile);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // A run that is broken off must not leave a sandbox behind.
        AppDomain.CurrentDomain.ProcessExit += AskToStop;

        var (whole, step, waitsFor) = (Stopwatch.StartNew(), Stopwatch.StartNew(), "");
        while (!File.Exists(stateFile))
        {
            if (StepOf(stateFile) is { Length: > 0 } now && now != waitsFor)
            {
                waitsFor = now;
                step.Restart();
            }
            if (process.HasExited || step.Elapsed > LongestStep)
                throw new InvalidOperationException($"The sandbox {(process.HasExited ? "ended by itself" : "is not ready")} after {whole.Elapsed.TotalSeconds:0} s, of which it waited {step.Elapsed.TotalSeconds:0} s for {waitsFor}:{Environment.NewLine}{Output}");
            await Task.Delay(100);
        }
        State = SandboxState.Read(stateFile);
    }

    private static string? StepOf(string stateFile)
    {
        try
        {
            return File.ReadAllText(stateFile + ".waits-for");
        }
        catch (IOException)
        {
            // Not written yet, or being written.
            return null;
        }
    }

    private void AskToStop(object? sender, EventArgs e)
    {
        if (OperatingSystem.IsWindows())
            process.Kill(entireProcessTree: true);
        else
            Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.AppendLine(line);
    }

    // Built together with us: …/Aurion.E2E/bin/Debug/net10.0 has its twin under Aurion.Sandbox.
    private static string Assembly() => Path.Combine(Clone().FullName, "Aurion.Sandbox", "bin", Ours.Parent!.Name, Ours.Name, "Aurion.Sandbox.dll");

    private static DirectoryInfo Clone() => Ours.Parent!.Parent!.Parent!.Parent!;
}
