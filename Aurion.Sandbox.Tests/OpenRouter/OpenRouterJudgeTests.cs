using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Aurion.Sandbox.OpenRouter;

namespace Aurion.Sandbox.Tests.OpenRouter;

/// <summary>The official openai package and OpenRouter's provider for the AI SDK, unchanged, against the stand-in. See <c>judge/judge.mjs</c>.</summary>
public sealed class OpenRouterJudgeTests
{
    private const string Key = "sk-or-v1-sandbox-judge";

    [Fact]
    public async Task The_clients_that_people_use_find_nothing_to_object_to()
    {
        await using var standIn = await OpenRouterStandIn.StartAsync(Key, TimeProvider.System);
        var folder = await InstallAsync();

        var (code, said) = await RunAsync(folder, "node", ["judge.mjs"], new() { ["OPENROUTER_API_BASE"] = standIn.Address, ["OPENROUTER_API_KEY"] = Key });

        Assert.True(code == 0, said);
        Assert.Equal(15, said.Split("ok   ").Length - 1);
    }

    /// <summary>A copy outside the source, with the packages of the lock file; kept for the next run.</summary>
    private static async Task<string> InstallAsync([CallerFilePath] string thisFile = "")
    {
        var source = Path.Combine(Path.GetDirectoryName(thisFile)!, "judge");
        var packages = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"))))[..12];
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "aurion-openrouter-judge-" + packages)).FullName;
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "openai")))
        {
            var (code, said) = await RunAsync(folder, OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-timeout=60000"], []);
            Assert.True(code == 0, $"`npm ci` failed, so the clients could not be had:\n{said}");
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
            Assert.Fail($"`{program}` was not found. This test judges the stand-in with npm's clients of OpenRouter: install Node.js 20 or newer, with npm, from https://nodejs.org.");
            throw;
        }
    }
}
