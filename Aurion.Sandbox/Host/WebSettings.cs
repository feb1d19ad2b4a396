using System.Globalization;
using System.Text;
using Aurion.Sandbox.OpenRouter;

namespace Aurion.Sandbox.Host;

/// <summary>The environment of Aurion.Web: the names of production, with the sandbox's addresses and keys.</summary>
internal static class WebSettings
{
    public const string Administrator = "admin@demo.aurion.test";

    public static Dictionary<string, string> Create(SandboxAddresses addresses, SandboxSecrets secrets, SandboxDatabase database, SandboxClock clock, bool clerk) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["ASPNETCORE_URLS"] = $"{addresses.Web};{addresses.Tools}",
        // In Development the framework reads assets from the disk for each request and sends them uncompressed.
        ["ReloadStaticAssetsAtRuntime"] = "false",
        ["ConnectionStrings__Aurion"] = database.Application,
        ["ConnectionStrings__AurionOwner"] = database.Owner,
        ["JWT_SECRET"] = secrets.JwtSecret,
        ["AURION_JWT_ISSUER"] = addresses.Web,
        ["AURION_PUBLIC_URL"] = addresses.Web,
        ["AURION_TOOLS_ORIGIN"] = addresses.Tools,
        ["AURION_ALLOWED_ORIGINS"] = addresses.Tools,
        ["AURION_ADMINS"] = Administrator,
        ["STRIPE_SECRET_KEY"] = secrets.StripeSecretKey,
        ["STRIPE_PUBLISHABLE_KEY"] = secrets.StripePublishableKey,
        ["STRIPE_WEBHOOK_SECRET"] = secrets.StripeWebhookSecret,
        ["STRIPE_API_BASE"] = addresses.Stripe,
        // Its keys make it the place to sign in.
        ["CLERK_PUBLISHABLE_KEY"] = clerk ? ClerkPublishableKey(addresses.Clerk) : "",
        ["CLERK_SECRET_KEY"] = clerk ? secrets.ClerkSecretKey : "",
        ["CLERK_WEBHOOK_SIGNING_SECRET"] = clerk ? secrets.ClerkWebhookSecret : "",
        ["CLERK_FRONTEND_API"] = clerk ? addresses.Clerk : "",
        ["CLERK_ACCOUNT_PORTAL"] = clerk ? addresses.Clerk : "",
        ["CLERK_API_BASE"] = clerk ? addresses.Clerk : "",
        ["OPENROUTER_API_KEY"] = secrets.OpenRouterKey,
        ["OPENROUTER_MANAGEMENT_KEY"] = OpenRouterStandIn.ManagementKeyOf(secrets.OpenRouterKey),
        ["OPENROUTER_API_BASE"] = addresses.OpenRouter,
        ["FREEPIK_API_KEY"] = secrets.FreepikKey,
        ["FREEPIK_WEBHOOK_SECRET"] = secrets.FreepikWebhookSecret,
        ["FREEPIK_API_BASE"] = addresses.Freepik,
        ["SMTP_URL"] = string.Create(CultureInfo.InvariantCulture, $"smtp://sandbox:sandbox@127.0.0.1:{addresses.SmtpPort}"),
        ["MAIL_FROM"] = "AURION <hello@aurion.test>",
        ["AURION_CLOCK_FILE"] = clock.File,
        ["AURION_SANDBOX_MAIL"] = addresses.Mail,
        ["AURION_SANDBOX_STRIPE"] = addresses.Stripe,
    };

    /// <summary>Writes them for <c>set -a; . .sandbox/web-PORT.env</c>, for a web that is started by hand.</summary>
    public static void WriteFile(string path, IReadOnlyDictionary<string, string> settings) =>
        SecretFile.Write(path, string.Concat(settings.Select(setting => $"{setting.Key}='{setting.Value}'\n")));

    // Clerk's publishable key is the address of its front end, encoded.
    private static string ClerkPublishableKey(string clerk) =>
        "pk_test_" + Convert.ToBase64String(Encoding.ASCII.GetBytes(new Uri(clerk).Authority + "$"));
}
