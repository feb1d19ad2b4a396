using System.ComponentModel.DataAnnotations;

namespace Aurion.Web.Infrastructure.Settings;

/// <summary>Stripe, which takes the payments.</summary>
public sealed class StripeOptions
{
    [Setting("STRIPE_SECRET_KEY", "calls Stripe in the server's name", "Stripe dashboard, Developers, API keys", Example = "sk_live_")]
    [Required(ErrorMessage = "is missing"), RegularExpression("^(sk|rk)_.*[^_]$", ErrorMessage = "must be a whole key that starts with sk_ or rk_"), NoSandboxKey("sk_test_sandbox_")]
    public string SecretKey { get; init; } = "";

    [Setting("STRIPE_PUBLISHABLE_KEY", "the browser's half of the Stripe key; the hosted checkout does not need it",
        "Stripe dashboard, Developers, API keys", Example = "pk_live_")]
    [RegularExpression("^pk_.+", ErrorMessage = "must start with pk_")]
    public string PublishableKey { get; init; } = "";

    [Setting("STRIPE_WEBHOOK_SECRET", "proves that a webhook came from Stripe; several separated by commas while one is being replaced",
        "printed by `billing setup`, or Stripe dashboard, Developers, Webhooks", Example = "whsec_")]
    [RequiredOutsideDevelopment, EachStartsWith("whsec_"), NoSandboxKey("whsec_sandbox_")]
    public IReadOnlyList<string> WebhookSecrets { get; init; } = [];

    [Setting("STRIPE_API_BASE", "the address of Stripe's API", "leave empty for Stripe itself")]
    [PublicAddress]
    public Uri ApiBase { get; init; } = new("https://api.stripe.com");
}
