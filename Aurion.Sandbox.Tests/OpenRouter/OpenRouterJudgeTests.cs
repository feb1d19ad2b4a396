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
        var said = await NpmJudge.RunAsync(new() { ["OPENROUTER_API_BASE"] = standIn.Address, ["OPENROUTER_API_KEY"] = Key });

        Assert.Equal(18, said.Split("ok   ").Length - 1);
    }
}
