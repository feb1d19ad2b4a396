using System.ComponentModel;
using System.Diagnostics;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Design;

/// <summary>The built files are committed so that a clone runs without npm; this keeps them true to their source.</summary>
public sealed class BuiltAssetsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("aurion-assets-").FullName;

    [Fact]
    public async Task The_committed_assets_are_what_a_fresh_build_makes()
    {
        var source = Path.Combine(folder, "wwwroot-src");
        var built = Path.Combine(folder, "wwwroot");
        foreach (var file in Source.Files("wwwroot-src", "*"))
            Copy(file, Path.Combine(source, Path.GetRelativePath(Source.Path("wwwroot-src"), file)));

        await RunAsync(source, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-timeout=60000");
        await RunAsync(source, "node", "build.mjs", built);

        var committed = Source.Path("Aurion.Web", "wwwroot");
        Assert.Equal(Names(built), Names(committed));
        var stale = Names(built).Where(name => !Same(Path.Combine(built, name), Path.Combine(committed, name)));
        Assert.True(!stale.Any(), $"Run `npm ci && npm run build` in wwwroot-src and commit: {string.Join(", ", stale)}");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }

    private static List<string> Names(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    private static bool Same(string a, string b) => File.ReadAllBytes(a).AsSpan().SequenceEqual(File.ReadAllBytes(b));

    private static async Task RunAsync(string folder, string program, params string[] arguments)
    {
        var (shell, words) = OperatingSystem.IsWindows() ? ("cmd", new[] { "/c", program }) : (program, []);
        try
        {
            var (code, said, faults) = await ProgramRun.ToEndAsync(new ProcessStartInfo(shell, [.. words, .. arguments]) { WorkingDirectory = folder });
            Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} failed:\n{said}\n{faults}");
        }
        catch (Win32Exception)
        {
            Assert.Fail($"{program} is not installed. This test builds the stylesheet and the script afresh and needs Node.js 20 or later with npm; the application itself does not.");
        }
    }
}
