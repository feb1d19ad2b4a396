using System.Diagnostics;
using System.Text.Json;

namespace Aurion.Sandbox.Tests.Host;

/// <summary>The sandbox as a newcomer starts it: a process of its own, with a data folder of its own.</summary>
internal sealed class RunningSandbox : IDisposable
{
    public const string HomeVariable = "AURION_SANDBOX_HOME";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> errors;

    private RunningSandbox(string home, string? state, params string[] arguments)
    {
        Home = home;
        StateFile = state;
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Assembly());
        foreach (var argument in state is null ? arguments : [.. arguments, "--state", state])
            start.ArgumentList.Add(argument);
        start.Environment[HomeVariable] = home;
        start.Environment.Remove("ConnectionStrings__Aurion");
        process = Process.Start(start)!;
        output = process.StandardOutput.ReadToEndAsync();
        errors = process.StandardError.ReadToEndAsync();
    }

    public string Home { get; }

    public string? StateFile { get; }

    public static string NewHome() =>
        Path.Combine(Path.GetTempPath(), "aurion-sandbox-test-" + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N"));

    /// <summary>Starts it and waits for its state file.</summary>
    public static async Task<(RunningSandbox Sandbox, JsonElement State)> StartAsync(string home, params string[] arguments)
    {
        var state = Path.Combine(Directory.CreateDirectory(home).FullName, "state.json");
        File.Delete(state);
        var sandbox = new RunningSandbox(home, state, arguments);
        var watch = Stopwatch.StartNew();
        while (!File.Exists(state))
        {
            if (watch.Elapsed > Patience)
                sandbox.process.Kill(entireProcessTree: true);
            if (sandbox.process.HasExited)
                throw new InvalidOperationException("The sandbox did not get ready: " + (await sandbox.EndAsync()).Text);
            await Task.Delay(100);
        }
        return (sandbox, JsonDocument.Parse(await File.ReadAllTextAsync(state)).RootElement);
    }

    /// <summary>Runs it to its end, for what it says and how it exits.</summary>
    public static async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        using var sandbox = new RunningSandbox(NewHome(), null, arguments);
        return await sandbox.EndAsync();
    }

    public async Task<(int ExitCode, string Text)> SignalAsync(string signal)
    {
        using (var kill = Process.Start("kill", ["-s", signal, process.Id.ToString(null as IFormatProvider)]))
            await kill.WaitForExitAsync();
        return await EndAsync();
    }

    /// <summary>Waits for its end, and that of everything that writes where it wrote, without asking for it.</summary>
    public async Task<(int ExitCode, string Text)> EndAsync()
    {
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), output, errors).WaitAsync(TimeSpan.FromMinutes(3));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"After three minutes it has not ended. Running: {string.Join(", ", Processes())}.");
        }
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Every process that was started with this data folder: the sandbox, its shells, PostgreSQL, the web.</summary>
    public IReadOnlyList<int> Processes() => [.. Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), null, out var id) ? id : 0)
        .Where(id => id > 0 && Environ(id).Contains($"{HomeVariable}={Home}", StringComparison.Ordinal))];

    public async Task<bool> LeavesNothingAsync()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            if (Processes().Count == 0)
                return true;
            await Task.Delay(100);
        }
        return false;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    private static string Environ(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/environ");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Assembly()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = output.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "Aurion.Sandbox", "bin", output.Parent.Name, output.Name, "Aurion.Sandbox.dll");
    }
}
