using System.Diagnostics;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>Aurion.Web as a process of its own, for what only its exit code and its last words can show.</summary>
public static class WebProcess
{
    /// <summary>Starts it in this environment, and in nothing of our own that is not said.</summary>
    public static Process Start(string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = Describe(arguments, environment);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        return Process.Start(start)!;
    }

    /// <summary>The same to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var (exitCode, output, errors) = await ProgramRun.ToEndAsync(Describe(arguments, environment));
        return (exitCode, output + errors);
    }

    public static ProcessStartInfo Describe(string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments]) { UseShellExecute = false };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(name);
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return start;
    }

    private static bool IsOurs(string variable) =>
        variable.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || variable.StartsWith("DOTNET_ENVIRONMENT", StringComparison.Ordinal)
        || AllSettings.All.Any(setting => setting.Name == variable);
}
