namespace Aurion.Web.Tests.Infrastructure;

/// <summary>The application as it runs in public: HTTPS behind a proxy on this machine, and no sandbox key.</summary>
public sealed class ProductionApp : AurionApp
{
    protected override string EnvironmentName => "Production";

    protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
    {
        ["AURION_PUBLIC_URL"] = "https://aurion.example",
        ["AURION_TOOLS_ORIGIN"] = "https://tools.aurion.example",
        ["AURION_ALLOWED_ORIGINS"] = "https://partner.example, https://other.example/",
        ["AURION_TRUSTED_PROXIES"] = "127.0.0.0/8",
        ["JWT_SECRET"] = "a-secret-that-no-sandbox-has-made-0123456789",
        ["STRIPE_SECRET_KEY"] = "sk_live_of_the_tests",
        ["STRIPE_WEBHOOK_SECRET"] = "whsec_of_the_tests",
        ["STRIPE_API_BASE"] = "https://api.stripe.com",
    };

    /// <summary>A browser whose requests come through the proxy.</summary>
    public TestClient Proxied(string scheme = "https", string? client = null)
    {
        var browser = Anonymous();
        browser.Http.DefaultRequestHeaders.Host = "aurion.example";
        browser.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        browser.Http.DefaultRequestHeaders.Add("X-Forwarded-For", client ?? "203.0.113.7");
        return browser;
    }
}
