using System.ComponentModel.DataAnnotations;

namespace Aurion.Web.Infrastructure.Settings;

/// <summary>Where this site and its neighbours are.</summary>
public sealed class SiteOptions
{
    [Setting("AURION_PUBLIC_URL", "the address people type, used in links, cookies and return addresses",
        "your domain", Example = "https://aurion.example")]
    [Required(ErrorMessage = "is missing"), PublicAddress, NoPath]
    public Uri? PublicUrl { get; init; }

    [Setting("AURION_TOOLS_ORIGIN", "the origin of the embedded tools: a second host name that leads to this same process, and not the site's own",
        "your domain", Example = "https://tools.aurion.example")]
    [Required(ErrorMessage = "is missing"), PublicAddress, NoPath, NotTheSite]
    public Uri? ToolsOrigin { get; init; }

    [Setting("AURION_ALLOWED_ORIGINS", "origins whose pages may call the API from a browser, separated by commas",
        "the sites you trust; leave empty for none")]
    [Origins]
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    [Setting("AURION_TRUSTED_PROXIES", "addresses or networks (CIDR) of the proxies whose X-Forwarded headers are believed",
        "your load balancer; leave empty when nothing stands in front")]
    [Networks]
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    [Setting("AURION_ADMINS", "e-mail addresses of the administrators, separated by commas", "your team")]
    public IReadOnlyList<string> Admins { get; init; } = [];

    [Setting("AURION_CONTACT", "the e-mail address that the help page gives to people who need an answer", "a mailbox that somebody reads; without it the page says that there is none yet")]
    [EmailAddress(ErrorMessage = "must be an e-mail address")]
    public string? Contact { get; init; }

    [Setting("AURION_MAINTENANCE", "while it says on, everybody gets the maintenance page (503) and Stripe tries again later", "you, for the length of a planned outage")]
    [AllowedValues("", "on", "off", ErrorMessage = "must be on or off")]
    public string Maintenance { get; init; } = "";

    /// <summary>False on a developer's machine only.</summary>
    public bool IsHttps => PublicUrl!.Scheme == Uri.UriSchemeHttps;

    /// <summary>The public address as an origin, without a trailing slash.</summary>
    public string PublicOrigin => PublicUrl!.GetLeftPart(UriPartial.Authority);

    /// <summary>The tools' origin, without a trailing slash.</summary>
    public string ToolsOriginText => ToolsOrigin!.GetLeftPart(UriPartial.Authority);

    /// <summary>The name under which passkeys are kept: browsers take no IP address for it, so on a developer's machine it is localhost.</summary>
    public string PasskeyHost => PublicUrl!.IsLoopback ? "localhost" : PublicUrl.Host;

    /// <summary>The only origin at which passkeys work, without a trailing slash.</summary>
    public string PasskeyOrigin => new UriBuilder(PublicUrl!) { Host = PasskeyHost }.Uri.GetLeftPart(UriPartial.Authority);

    /// <summary>Site and tools differ in their port only, as they do on a developer's machine, which has several names.</summary>
    public bool ToolsShareTheHost => ToolsOrigin!.IsLoopback || string.Equals(ToolsOrigin.Host, PublicUrl!.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a request was sent to the tools' origin.</summary>
    public bool IsToolsHost(HostString host) => string.Equals(host.Host, ToolsOrigin!.Host, StringComparison.OrdinalIgnoreCase)
        && (!ToolsShareTheHost || (host.Port ?? (IsHttps ? 443 : 80)) == ToolsOrigin.Port);
}
