using System.Diagnostics;

namespace Aurion.Testing;

public static class ProgramRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Runs a program to its end. One that does not end in time is killed with all that it started, and the test fails with what it had said.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> ToEndAsync(ProcessStartInfo start)
    {
        (start.UseShellExecute, start.RedirectStandardOutput, start.RedirectStandardError) = (false, true, true);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            // Also its output ends only when whatever it started has let go of it.
            await Task.WhenAll(process.WaitForExitAsync(), output, errors).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            var said = await Task.WhenAll(output, errors).WaitAsync(TimeSpan.FromSeconds(5));
            Assert.Fail($"`{start.FileName} {string.Join(' ', start.ArgumentList)}` did not end within {Patience}:\n{string.Concat(said)}");
        }
        // 128 and above: it did not end, it was ended by a signal, also by its own abort after an exception that nobody caught.
        Assert.True(process.ExitCode < 128, $"`{start.FileName} {string.Join(' ', start.ArgumentList)}` broke off ({process.ExitCode}):\n{await errors}");
        return (process.ExitCode, await output, await errors);
    }
}
