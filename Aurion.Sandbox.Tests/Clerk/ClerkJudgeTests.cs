using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Aurion.Sandbox.Clerk;

namespace Aurion.Sandbox.Tests.Clerk;

/// <summary>Clerk's own package for servers, unchanged, against the stand-in. See <c>judge/judge.mjs</c>.</summary>
public sealed class ClerkJudgeTests
{
    private const string Key = "sk_test_sandbox_judge";

    [Fact]
    public async Task Clerks_own_package_finds_nothing_to_object_to()
    {
        await using var standIn = await ClerkStandIn.StartAsync(new ClerkStandInOptions
        {
            SecretKey = Key,
            Web = "http://127.0.0.1:6299",
            Clock = TimeProvider.System,
            WebhookRetries = [TimeSpan.FromMilliseconds(50)],
        });
        var folder = await InstallAsync();

        var (code, said) = await RunAsync(folder, "node", ["judge.mjs"], new() { ["CLERK_BASE"] = standIn.Address, ["CLERK_SECRET_KEY"] = Key, ["AURION_WEB"] = "http://127.0.0.1:6299" });

        Assert.True(code == 0, said);
        Assert.Equal(17, said.Split("ok   ").Length - 1);
    }

    /// <summary>A copy outside the source, with the packages of the lock file; kept for the next run.</summary>
    private static async Task<string> InstallAsync([CallerFilePath] string thisFile = "")
    {
        var source = Path.Combine(Path.GetDirectoryName(thisFile)!, "judge");
        var packages = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"))))[..12];
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "aurion-clerk-judge-" + packages)).FullName;
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@clerk", "backend")))
        {
            var (code, said) = await RunAsync(folder, OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-timeout=60000"], []);
            Assert.True(code == 0, $"`npm ci` failed, so Clerk's package could not be had:\n{said}");
        }
        return folder;
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
            Assert.Fail($"`{program}` was not found. This test judges the stand-in with Clerk's own package: install Node.js 20 or newer, with npm, from https://nodejs.org.");
            throw;
        }
    }
}
