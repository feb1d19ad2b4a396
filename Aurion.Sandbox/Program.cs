using System.CommandLine;
using Aurion.Sandbox.Host;

namespace Aurion.Sandbox;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        using var signals = new StopSignals();
        try
        {
            // The sandbox ends its parts itself, one after the other, however long that takes.
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await SandboxOptions.Command(options => RunAsync(options, signals)).Parse(arguments).InvokeAsync(invocation, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return 0;
        }
        catch (SandboxException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 1;
        }
    }

    private static async Task RunAsync(SandboxOptions options, StopSignals signals)
    {
        await using var run = new SandboxRun(options);
        await run.RunAsync(signals.Token);
    }
}
