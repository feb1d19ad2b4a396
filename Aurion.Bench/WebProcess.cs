using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Aurion.Bench;

/// <summary>The process that serves the measured address, on Linux, where /proc tells which one it is.</summary>
internal static class WebProcess
{
    public static Process? Find(BenchTarget target)
    {
        var address = "ASPNETCORE_URLS=" + target.Web.GetLeftPart(UriPartial.Authority);
        var web = OperatingSystem.IsLinux()
            ? Directory.EnumerateDirectories("/proc").FirstOrDefault(process =>
                Is(process, "comm", "dotnet\n") && Is(process, "cmdline", "Aurion.Web.dll") && Is(process, "environ", address))
            : null;
        return web is null ? null : Process.GetProcessById(int.Parse(Path.GetFileName(web), CultureInfo.InvariantCulture));
    }

    public static string Memory(Process web) => $"Resident memory of the web: {Resident(web)} MB, at most {Megabytes(web, "VmHWM:")} MB.";

    public static int Resident(Process web) => Megabytes(web, "VmRSS:");

    /// <summary>The processor time it has used so far; nothing where it is not known.</summary>
    public static TimeSpan? Cpu(this Process? process)
    {
        process?.Refresh();
        return process?.TotalProcessorTime;
    }

    // Processes come and go while the list is read, and others' are not ours to read.
    private static bool Is(string process, string file, string word)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, file))).Split('\0').Any(part => part.EndsWith(word, StringComparison.Ordinal) || part.StartsWith(word + ";", StringComparison.Ordinal));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int Megabytes(Process web, string line) => int.Parse(
        File.ReadLines($"/proc/{web.Id}/status").First(l => l.StartsWith(line, StringComparison.Ordinal))[line.Length..^3].Trim(), CultureInfo.InvariantCulture) / 1024;
}
