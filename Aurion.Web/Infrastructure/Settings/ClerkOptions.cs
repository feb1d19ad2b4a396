using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Aurion.Web.Infrastructure.Settings;

/// <summary>Clerk, where people sign in when its two keys are set; else with the built-in accounts.</summary>
public sealed class ClerkOptions
{
    private const string Test = "pk_test_";
    private const string Live = "pk_live_";

    [Setting("CLERK_PUBLISHABLE_KEY", "names your instance of Clerk; with CLERK_SECRET_KEY people sign in there, and not with the built-in accounts",
        "Clerk dashboard, API keys; optional")]
    [PublishableKey]
    public string PublishableKey { get; init; } = "";

    [Setting("CLERK_SECRET_KEY", "calls Clerk in the server's name", "Clerk dashboard, API keys; optional")]
    [TogetherWith(nameof(PublishableKey)), RegularExpression("^sk_.*[^_]$", ErrorMessage = "must be a whole key that starts with sk_"), NoSandboxKey("sk_test_sandbox_")]
    public string SecretKey { get; init; } = "";

    [Setting("CLERK_WEBHOOK_SIGNING_SECRET", "proves that a webhook came from Clerk; several separated by commas while one is being replaced",
        "Clerk dashboard, Webhooks: an endpoint at /api/clerk-webhook with the events user and session; without it changes at Clerk are seen at the next sign-in")]
    [WebhookSecrets]
    public IReadOnlyList<string> WebhookSecrets { get; init; } = [];

    [Setting("CLERK_AUTHORIZED_PARTIES", "origins whose Clerk tokens the API accepts (the claim azp), separated by commas", "leave empty for AURION_PUBLIC_URL alone")]
    [Origins]
    public IReadOnlyList<string> AuthorizedParties { get; init; } = [];

    [Setting("CLERK_FRONTEND_API", "the address of Clerk's Frontend API, which issues the tokens", "leave empty: the publishable key names it")]
    [PublicAddress, NoPath]
    public Uri? FrontendApi { get; init; }

    [Setting("CLERK_ACCOUNT_PORTAL", "the address of Clerk's Account Portal, where people sign in", "leave empty: it follows from the Frontend API")]
    [PublicAddress, NoPath]
    public Uri? AccountPortal { get; init; }

    [Setting("CLERK_API_BASE", "the address of Clerk's Backend API", "leave empty for Clerk itself")]
    [PublicAddress]
    public Uri ApiBase { get; init; } = new("https://api.clerk.com");

    /// <summary>Whether people sign in at Clerk.</summary>
    public bool IsOn => SecretKey.Length > 0;

    /// <summary>The issuer of Clerk's tokens, without a trailing slash.</summary>
    public string Issuer => FrontendApi?.GetLeftPart(UriPartial.Authority) ?? $"https://{FindHost(PublishableKey)}";

    /// <summary>Without a trailing slash. A development instance has slug.accounts.dev, a production one accounts.example.com.</summary>
    public string PortalOrigin => AccountPortal?.GetLeftPart(UriPartial.Authority)
        ?? Issuer.Replace("https://clerk.", "https://accounts.", StringComparison.Ordinal).Replace(".clerk.accounts.dev", ".accounts.dev", StringComparison.Ordinal);

    /// <summary>The host that a publishable key names: base64 of the host and a dollar sign. Null when it is no such key.</summary>
    internal static string? FindHost(string key)
    {
        if (!key.StartsWith(Test, StringComparison.Ordinal) && !key.StartsWith(Live, StringComparison.Ordinal))
            return null;
        var text = key[Test.Length..];
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length)
            && Encoding.ASCII.GetString(bytes, 0, length) is [.. var host, '$'] && Uri.CheckHostName(host.Split(':')[0]) != UriHostNameType.Unknown
            ? host
            : null;
    }

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class PublishableKeyAttribute : SettingRule
    {
        protected override string? FaultOf(object? value, bool development) =>
            value is string { Length: > 0 } key && FindHost(key) is null ? "must be a whole key that starts with pk_live_ or pk_test_" : null;
    }

    /// <summary>Svix's secrets: base64 after their prefix.</summary>
    [AttributeUsage(AttributeTargets.Property)]
    private sealed class WebhookSecretsAttribute : SettingRule
    {
        private const string Prefix = "whsec_";

        protected override string? FaultOf(object? value, bool development) =>
            value is IEnumerable<string> secrets && !secrets.All(secret => secret.StartsWith(Prefix, StringComparison.Ordinal) && secret.Length > Prefix.Length
                && Convert.TryFromBase64String(secret[Prefix.Length..], new byte[secret.Length], out _))
                ? "must be a whole key that starts with whsec_"
                : null;
    }
}
