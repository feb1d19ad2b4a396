using System.Globalization;
using System.Text;

namespace Aurion.Bench;

/// <summary>What the measured web holds in memory, on Linux, where /proc tells which process serves the address.</summary>
internal static class WebMemory
{
    public static string? Describe(BenchTarget target)
    {
        var address = "ASPNETCORE_URLS=" + target.Web.GetLeftPart(UriPartial.Authority);
        var web = OperatingSystem.IsLinux()
            ? Directory.EnumerateDirectories("/proc").FirstOrDefault(process =>
                Is(process, "comm", "dotnet\n") && Is(process, "cmdline", "Aurion.Web.dll") && Is(process, "environ", address))
            : null;
        return web is null ? null : $"Resident memory of the web: {Megabytes(web, "VmRSS:")} MB, at most {Megabytes(web, "VmHWM:")} MB.";
    }

    // Processes come and go while the list is read, and others' are not ours to read.
    private static bool Is(string process, string file, string word)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, file))).Split('\0').Any(part => part.EndsWith(word, StringComparison.Ordinal));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int Megabytes(string process, string line) => int.Parse(
        File.ReadLines(Path.Combine(process, "status")).First(l => l.StartsWith(line, StringComparison.Ordinal))[line.Length..^3].Trim(), CultureInfo.InvariantCulture) / 1024;
}
