using System.Text.Json;

namespace Aurion.Sandbox.Host;

/// <summary>What tests and scripts need to know of a running sandbox. The names are a contract.</summary>
internal sealed record SandboxState(string Web, string Stripe, string Clerk, string Openrouter, string Freepik, string Tools, string Mail,
    string Database, string StripeSecretKey, string StripeWebhookSecret, string JwtSecret, string OpenRouterKey, IReadOnlyList<SandboxAccount> Accounts)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static SandboxState Create(SandboxAddresses addresses, SandboxSecrets secrets, SandboxDatabase database, IReadOnlyList<SandboxAccount> accounts) =>
        new(addresses.Web, addresses.Stripe, addresses.Clerk, addresses.OpenRouter, addresses.Freepik, addresses.Tools, addresses.Mail,
            database.Owner, secrets.StripeSecretKey, secrets.StripeWebhookSecret, secrets.JwtSecret, secrets.OpenRouterKey, accounts);

    public void WriteTo(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        SecretFile.Write(path, JsonSerializer.Serialize(this, Format));
    }
}

/// <summary>A demo account and a bearer token of it that is valid for a day.</summary>
internal sealed record SandboxAccount(string Email, string Password, string Role, string Plan, string Token);
