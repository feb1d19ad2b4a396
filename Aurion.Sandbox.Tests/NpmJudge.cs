using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Aurion.Sandbox.Tests;

/// <summary>A provider's own npm packages, unchanged, against its stand-in: runs <c>judge/judge.mjs</c> beside the test.</summary>
internal static class NpmJudge
{
    private const string Installed = "installed";

    /// <summary>What it printed; fails when it ends with an error, or when Node.js or a package cannot be had.</summary>
    /// <param name="outsideLock">Packages that no lock file can name for every system.</param>
    public static async Task<string> RunAsync(Dictionary<string, string> environment, string[]? outsideLock = null, [CallerFilePath] string test = "")
    {
        var folder = await InstallAsync(Path.GetDirectoryName(test)!, outsideLock ?? []);
        var (code, said) = await RunAsync(folder, "node", ["judge.mjs"], environment);
        Assert.True(code == 0, said);
        return said;
    }

    /// <summary>A copy outside the source, with the packages of the lock file; kept for the next run.</summary>
    private static async Task<string> InstallAsync(string feature, string[] outsideLock)
    {
        var source = Path.Combine(feature, "judge");
        var packages = await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"));
        var digest = Convert.ToHexStringLower(SHA256.HashData([.. packages, .. Encoding.UTF8.GetBytes(string.Join(' ', outsideLock))]))[..12];
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"aurion-judge-{Path.GetFileName(feature)}-{digest}")).FullName;
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (File.Exists(Path.Combine(folder, Installed)))
            return folder;

        await NpmAsync(folder, ["ci"]);
        if (outsideLock.Length > 0)
            await NpmAsync(folder, ["install", "--no-save", .. outsideLock]);
        await File.WriteAllTextAsync(Path.Combine(folder, Installed), "");
        return folder;
    }

    private static async Task NpmAsync(string folder, string[] words)
    {
        var (code, said) = await RunAsync(folder, OperatingSystem.IsWindows() ? "npm.cmd" : "npm", [.. words, "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-timeout=60000"], []);
        Assert.True(code == 0, $"`npm {string.Join(' ', words)}` failed, so the provider's own packages could not be had:\n{said}");
    }

    private static async Task<(int Code, string Said)> RunAsync(string folder, string program, string[] words, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, words) { WorkingDirectory = folder };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        try
        {
            var (code, output, errors) = await ProgramRun.ToEndAsync(start);
            return (code, output + errors);
        }
        catch (Win32Exception)
        {
            Assert.Fail($"`{program}` was not found. This test judges a stand-in with its provider's own npm packages: install Node.js 20 or newer, with npm, from https://nodejs.org.");
            throw;
        }
    }
}
