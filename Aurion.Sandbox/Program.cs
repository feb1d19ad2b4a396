using Aurion.Sandbox.Host;

namespace Aurion.Sandbox;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        using var signals = new StopSignals();
        try
        {
            var options = SandboxOptions.Parse(arguments);
            if (options.Help)
            {
                Console.WriteLine(SandboxOptions.Usage);
                return 0;
            }
            await using var run = new SandboxRun(options);
            await run.RunAsync(signals.Token);
            return 0;
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
}
