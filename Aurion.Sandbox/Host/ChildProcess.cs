using System.Diagnostics;
using System.Text;

namespace Aurion.Sandbox.Host;

/// <summary>A process that ends with the sandbox, even when the sandbox is killed: it hangs on our end of a pipe.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    // The shell waits for two things at once: the child's end, and the end of our pipe, upon which it signals the child.
    private const string Supervisor = """
        trap '' INT
        signal=$1; shift
        exec 3<&0
        "$@" </dev/null 3<&- &
        child=$!
        (read -r _ <&3; kill -s "$signal" "$child") 2>/dev/null &
        watcher=$!
        trap 'kill -s "$signal" "$child"' TERM HUP
        exec 3<&-
        while :; do wait "$child"; code=$?; kill -0 "$child" 2>/dev/null || break; done
        kill "$watcher" 2>/dev/null
        exit $code
        """;

    private const int KeptLines = 40;

    private readonly Process process;
    private readonly Queue<string> lastLines = new();
    private volatile bool stopping;

    private ChildProcess(string name, Process process)
    {
        Name = name;
        this.process = process;
    }

    public string Name { get; }

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>True once <see cref="StopAsync"/> was called: its end is then no surprise.</summary>
    public bool IsStopping => stopping;

    /// <summary>The last lines that the process wrote, for the message when it dies.</summary>
    public string LastOutput
    {
        get
        {
            lock (lastLines)
                return string.Join(Environment.NewLine, lastLines);
        }
    }

    /// <summary>Starts a program. <paramref name="stopSignal"/> is what ends it: TERM, or INT for PostgreSQL's fast shutdown.</summary>
    public static ChildProcess Start(string name, IReadOnlyList<string> command, string workingDirectory, string stopSignal = "TERM",
        IReadOnlyDictionary<string, string>? environment = null, Action<string>? onLine = null)
    {
        var start = new ProcessStartInfo
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        string[] all = OperatingSystem.IsWindows() ? [.. command] : ["/bin/sh", "-c", Supervisor, "aurion", stopSignal, .. command];
        start.FileName = all[0];
        foreach (var argument in all[1..])
            start.ArgumentList.Add(argument);
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            // An empty value takes an inherited variable away.
            if (value.Length == 0)
                start.Environment.Remove(key);
            else
                start.Environment[key] = value;
        }

        var child = new ChildProcess(name, new Process { StartInfo = start, EnableRaisingEvents = true });
        child.process.OutputDataReceived += (_, e) => child.Keep(e.Data, onLine);
        child.process.ErrorDataReceived += (_, e) => child.Keep(e.Data, onLine);
        child.process.Start();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end and gives its exit code and output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> command, string workingDirectory,
        IReadOnlyDictionary<string, string>? environment = null, CancellationToken ct = default)
    {
        await using var child = Start(Path.GetFileName(command[0]), command, workingDirectory, environment: environment);
        await child.WaitForExitAsync(ct);
        return (child.ExitCode, child.LastOutput);
    }

    public Task WaitForExitAsync(CancellationToken ct = default) => process.WaitForExitAsync(ct);

    /// <summary>Asks the process to end and waits for it; after the grace time it is killed.</summary>
    public async Task StopAsync(TimeSpan? grace = null)
    {
        stopping = true;
        if (process.HasExited)
            return;
        if (OperatingSystem.IsWindows())
            process.Kill(entireProcessTree: true);
        else
            process.StandardInput.Close();
        using var patience = new CancellationTokenSource(grace ?? TimeSpan.FromSeconds(15));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
    }

    private void Keep(string? line, Action<string>? onLine)
    {
        if (line is null)
            return;
        lock (lastLines)
        {
            lastLines.Enqueue(line);
            if (lastLines.Count > KeptLines)
                lastLines.Dequeue();
        }
        onLine?.Invoke(line);
    }
}
