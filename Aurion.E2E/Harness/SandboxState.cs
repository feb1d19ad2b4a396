using System.Text.Json;

namespace Aurion.E2E.Harness;

/// <summary>The sandbox's state file: addresses, the database, and people to be. All that these tests know of AURION.</summary>
public sealed record SandboxState(string Web, string Stripe, string Clerk, string Openrouter, string Freepik, string Tools, string Mail,
    string Database, string StripeSecretKey, string StripeWebhookSecret, IReadOnlyList<DemoAccount> Accounts)
{
    /// <summary>Everything that a page may talk to.</summary>
    public IReadOnlySet<string> Origins { get; } = new HashSet<string>(StringComparer.Ordinal) { Web, Stripe, Clerk, Openrouter, Freepik, Tools, Mail };

    public DemoAccount Demo(string name) => Accounts.Single(account => account.Email.StartsWith(name + "@", StringComparison.Ordinal));

    public static SandboxState Read(string file) =>
        JsonSerializer.Deserialize<SandboxState>(File.ReadAllText(file), JsonSerializerOptions.Web)
        ?? throw new InvalidOperationException("The sandbox's state file is empty: " + file);
}

/// <summary>One of the sandbox's demo accounts, with a bearer token that is valid for a day.</summary>
public sealed record DemoAccount(string Email, string Password, string Role, string Plan, string Token);
