using System.Globalization;
using System.Text.Json;

namespace Aurion.Bench;

internal static class BenchReport
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Print(IEnumerable<BenchRow> rows)
    {
        Console.WriteLine("| scenario | side | connections | a second | median ms | p99 ms | failed | server's CPU µs | first side does times this |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var row in rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {row.Scenario} | {row.Side} | {row.Connections} | {row.PerSecond:N0} | {row.Median:N2} | {row.P99:N2} | {row.Failed} | {row.CpuMicroseconds:N0} | {row.Ratio:N1} |"));
        }
    }
}
