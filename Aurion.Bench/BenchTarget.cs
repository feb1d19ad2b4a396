using System.Text.Json;
using Npgsql;

namespace Aurion.Bench;

/// <summary>The running instance, as the sandbox's state file describes it.</summary>
internal sealed record BenchTarget(Uri Web, Uri Stripe, string Database, string JwtSecret, string StripeSecretKey, string StripeWebhookSecret, Uri OpenRouter, string OpenRouterKey)
{
    public static async Task<BenchTarget> ReadAsync(string stateFile)
    {
        await using var file = File.OpenRead(stateFile);
        using var state = await JsonDocument.ParseAsync(file);
        string Text(string name) => state.RootElement.GetProperty(name).GetString()!;
        return new BenchTarget(new Uri(Text("web")), new Uri(Text("stripe")), Text("database"), Text("jwtSecret"), Text("stripeSecretKey"), Text("stripeWebhookSecret"), new Uri(Text("openrouter")), Text("openRouterKey"));
    }

    public NpgsqlDataSource Connect(int connections) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(Database) { MaxPoolSize = connections + 2, MaxAutoPrepare = 16, AutoPrepareMinUsages = 1, CommandTimeout = 600 });
}
