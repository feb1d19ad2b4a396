using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aurion.Sandbox.Host;

/// <summary>Keys of this clone, made once. Aurion.Web refuses their prefixes outside Development.</summary>
public sealed record SandboxSecrets
{
    /// <summary>Tells this clone's database from that of a copy or of an earlier life.</summary>
    public required string CloneId { get; init; }

    public required string JwtSecret { get; init; }

    public required string StripeSecretKey { get; init; }

    public required string StripePublishableKey { get; init; }

    public required string StripeWebhookSecret { get; init; }

    public required string ClerkSecretKey { get; init; }

    public required string OpenRouterKey { get; init; }

    public required string FreepikKey { get; init; }

    /// <summary>What Clerk's webhooks are signed with.</summary>
    [JsonIgnore]
    public string ClerkWebhookSecret => "whsec_" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("webhooks of " + ClerkSecretKey)));

    /// <summary>What Freepik's webhooks are signed with. Made from the key, so that a clone of an earlier day has one, too.</summary>
    [JsonIgnore]
    public string FreepikWebhookSecret => "whsec_" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("webhooks of " + FreepikKey)));

    public required string ApplicationRolePassword { get; init; }

    public required string DemoPassword { get; init; }

    public static SandboxSecrets Generate() => new()
    {
        CloneId = Random(8),
        JwtSecret = "sandbox-" + Random(32),
        StripeSecretKey = "sk_test_sandbox_" + Random(24),
        StripePublishableKey = "pk_test_sandbox_" + Random(24),
        StripeWebhookSecret = "whsec_sandbox_" + Random(24),
        ClerkSecretKey = "sk_test_sandbox_" + Random(24),
        OpenRouterKey = "sk-or-v1-sandbox-" + Random(24),
        FreepikKey = "FPSX-sandbox-" + Random(16),
        ApplicationRolePassword = Random(24),
        DemoPassword = $"demo-{Random(2)}-{Random(2)}-{Random(2)}",
    };

    /// <summary>The secrets in a folder of the clone that only its owner reads and git ignores.</summary>
    public static async Task<SandboxSecrets> LoadOrCreateAsync(string folder)
    {
        SecretFile.CreateFolder(folder);
        var json = await SecretFile.ReadOrCreateAsync(Path.Combine(folder, "secrets.json"), () => JsonSerializer.Serialize(Generate(), JsonSerializerOptions.Web));
        return JsonSerializer.Deserialize<SandboxSecrets>(json, JsonSerializerOptions.Web)!;
    }

    private static string Random(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
