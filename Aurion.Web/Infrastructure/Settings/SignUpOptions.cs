using System.ComponentModel.DataAnnotations;

namespace Aurion.Web.Infrastructure.Settings;

/// <summary>Against people who make accounts for the free credits.</summary>
public sealed class SignUpOptions
{
    [Setting("AURION_ACCOUNTS_PER_NETWORK", "how many accounts of one network (IPv4 /24, IPv6 /64) get their free credits at once within a day; those of the others wait until the address is proven. 0 makes everybody wait", "5 when empty")]
    [Range(0, 1_000_000, ErrorMessage = "must be 0 or more")]
    public int AccountsPerNetwork { get; init; } = 5;

    [Setting("AURION_REFUSED_MAIL_DOMAINS", "domains of throw-away addresses that nobody may sign up with, separated by commas; each stands for its subdomains, too", "a list you trust; leave empty for none")]
    public IReadOnlyList<string> RefusedDomains { get; init; } = [];

    /// <summary>Whether an address of this spelling is of a refused domain.</summary>
    public bool Refuses(string email) => RefusedDomains.Any(domain =>
        email.EndsWith("@" + domain, StringComparison.OrdinalIgnoreCase) || (email.Contains('@') && email[email.IndexOf('@')..].EndsWith("." + domain, StringComparison.OrdinalIgnoreCase)));
}
