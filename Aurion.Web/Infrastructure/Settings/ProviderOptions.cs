using System.ComponentModel.DataAnnotations;

namespace Aurion.Web.Infrastructure.Settings;

/// <summary>OpenRouter, which answers chat and code prompts.</summary>
public sealed class OpenRouterOptions
{
    [Setting("OPENROUTER_API_KEY", "calls OpenRouter for chat, code and images", "openrouter.ai, Keys; optional")]
    public string ApiKey { get; init; } = "";

    [Setting("OPENROUTER_MANAGEMENT_KEY", "reads what is left in the account at OpenRouter; it cannot call a model", "openrouter.ai, Settings, Management keys; without it only the key's own limit is known; optional")]
    public string ManagementKey { get; init; } = "";

    [Setting("OPENROUTER_LEAST_BALANCE", "below so many dollars at OpenRouter the administrators get an e-mail, once", "10 when empty")]
    [Range(0, 100_000, ErrorMessage = "must be between 0 and 100000 dollars")]
    public int LeastBalance { get; init; } = 10;

    [Setting("OPENROUTER_API_BASE", "the address of OpenRouter's API", "leave empty for OpenRouter itself")]
    [PublicAddress]
    public Uri ApiBase { get; init; } = new("https://openrouter.ai");
}

/// <summary>Freepik, now also Magnific, which draws images.</summary>
public sealed class FreepikOptions
{
    [Setting("FREEPIK_API_KEY", "calls Freepik, now Magnific, for images", "Freepik, API dashboard; optional")]
    public string ApiKey { get; init; } = "";

    [Setting("FREEPIK_API_BASE", "the address of Freepik's API", "leave empty for api.freepik.com; https://api.magnific.com for a key of Magnific's")]
    [PublicAddress]
    public Uri ApiBase { get; init; } = new("https://api.freepik.com");

    [Setting("FREEPIK_API_HEADER", "the header that carries the key", "leave empty for x-freepik-api-key; x-magnific-api-key for a key of Magnific's")]
    [RegularExpression("[A-Za-z0-9-]+", ErrorMessage = "must be the name of a header")]
    public string ApiHeader { get; init; } = "x-freepik-api-key";

    [Setting("FREEPIK_WEBHOOK_SECRET", "proves that a message about an image came from Freepik; without it Aurion asks how far each image is", "Freepik, API dashboard, Webhooks; optional")]
    public string WebhookSecret { get; init; } = "";
}

/// <summary>The mail server and the sender's name.</summary>
public sealed class MailOptions
{
    [Setting("SMTP_URL", "the mail server: smtp:// (STARTTLS, port 587) or smtps:// (TLS, port 465), then user:password@host:port with special characters percent-encoded", "your mail provider; without it no e-mail is sent, receipts and password links included", Example = "smtp://user:password@smtp.example:587")]
    [Scheme("smtp", "smtps")]
    public Uri? Server { get; init; }

    [Setting("SMTP_TLS", "required, or optional where the server offers no STARTTLS", "leave empty: required, except for a server on this machine")]
    [AllowedValues(null, "required", "optional", ErrorMessage = "must be required or optional")]
    public string? Tls { get; init; }

    [Setting("MAIL_FROM", "the sender of e-mails, as an address or as Name <address>", "a mailbox of your domain; optional", Example = "hello@aurion.example")]
    [Mailbox]
    public string? From { get; init; }
}

/// <summary>What the sandbox tells a developer's instance.</summary>
public sealed class SandboxOptions
{
    [Setting("AURION_CLOCK_FILE", "a shared file whose 8 bytes move the clock", "set by the sandbox"), DevelopmentOnly]
    public string? ClockFile { get; init; }

    [Setting("AURION_SANDBOX_MAIL", "the sandbox's mailbox page, linked on top of each page", "set by the sandbox"), DevelopmentOnly]
    public string? MailUrl { get; init; }

    [Setting("AURION_SANDBOX_STRIPE", "the sandbox's Stripe page, linked on top of each page", "set by the sandbox"), DevelopmentOnly]
    public string? StripeUrl { get; init; }
}
