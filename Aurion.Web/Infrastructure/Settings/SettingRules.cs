using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Reflection;
using Aurion.Data;

namespace Aurion.Web.Infrastructure.Settings;

/// <summary>A rule that is stricter outside Development, where the sandbox must never be mistaken for a provider.</summary>
public abstract class SettingRule : ValidationAttribute
{
    private static readonly object Development = new();

    public static IDictionary<object, object?> For(bool development) =>
        new Dictionary<object, object?> { [Development] = development };

    public override bool RequiresValidationContext => true;

    protected abstract string? FaultOf(object? value, bool development);

    /// <summary>For a rule that looks at another setting of the same options, which stands before its own.</summary>
    protected virtual string? FaultOf(object? value, bool development, object options) => FaultOf(value, development);

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        ArgumentNullException.ThrowIfNull(validationContext);
        var development = validationContext.Items.TryGetValue(Development, out var known) && known is true;
        return FaultOf(value, development, validationContext.ObjectInstance) is { } fault
            ? new ValidationResult(fault, [validationContext.MemberName!])
            : ValidationResult.Success;
    }
}

/// <summary>May be left out on a developer's machine only.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredOutsideDevelopmentAttribute : SettingRule
{
    protected override string? FaultOf(object? value, bool development)
    {
        var absent = value is null or "" or IReadOnlyCollection<string> { Count: 0 };
        return absent && !development ? "is missing" : null;
    }
}

/// <summary>Key=value pairs as Npgsql reads them, with a host; what was given is never repeated, for it holds a password.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectionStringAttribute : SettingRule
{
    protected override string? FaultOf(object? value, bool development)
    {
        try
        {
            return value is "" or null || DataRegistration.HostOf((string)value) is { Length: > 0 } ? null : "must name a Host";
        }
        catch (ArgumentException)
        {
            return "must be written like Host=…;Database=…;Username=…;Password=…, not as an address";
        }
    }
}

/// <summary>An absolute http(s) address; outside Development https, and not this machine.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PublicAddressAttribute : SettingRule
{
    protected override string? FaultOf(object? value, bool development)
    {
        if (value is not Uri address)
            return null;
        if (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)
            return "must be an http or https address";
        if (development)
            return null;
        if (address.Scheme != Uri.UriSchemeHttps)
            return "must be an https address outside Development";
        return IsThisMachine(address) ? "points to this machine, which only Development allows" : null;
    }

    private static bool IsThisMachine(Uri address) =>
        address.IsLoopback
        || address.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.IdnHost, out var ip)
            && (IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)
                || (ip.IsIPv4MappedToIPv6 && IPAddress.IsLoopback(ip.MapToIPv4()))));
}

/// <summary>An origin and nothing more, but for a slash at its end: the site serves its host from the root.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NoPathAttribute : SettingRule
{
    protected override string? FaultOf(object? value, bool development) =>
        value is Uri address && (address.PathAndQuery is not "/" || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
            ? "must have no path: Aurion is served from the root of a host"
            : null;
}

/// <summary>A neighbour of the site: never its own origin, and outside Development not its host either, since cookies know no ports.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotTheSiteAttribute : SettingRule
{
    protected override string? FaultOf(object? value, bool development) => null;

    protected override string? FaultOf(object? value, bool development, object options) =>
        value is Uri neighbour && options is SiteOptions { PublicUrl: { } site } && neighbour.Host == site.Host && (neighbour.Port == site.Port || !development)
            ? "must be another host than AURION_PUBLIC_URL"
            : null;
}

/// <summary>An address with one of these schemes and a host.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SchemeAttribute(params string[] schemes) : SettingRule
{
    public IReadOnlyList<string> Schemes { get; } = schemes;

    protected override string? FaultOf(object? value, bool development) => value switch
    {
        Uri address when !Schemes.Contains(address.Scheme) => $"must start with {string.Join(" or ", Schemes.Select(scheme => $"{scheme}://"))}",
        Uri { Host: "" } => "must name a host",
        _ => null,
    };
}

/// <summary>An address, or a name with an address: <c>AURION, Support &lt;hello@aurion.example&gt;</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MailboxAttribute : SettingRule
{
    protected override string? FaultOf(object? value, bool development) =>
        value is string text && EmailAddress.SplitMailbox(text) is null ? "must be an e-mail address" : null;
}

/// <summary>A key made by the sandbox opens nothing outside Development.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NoSandboxKeyAttribute(string prefix) : SettingRule
{
    public string Prefix { get; } = prefix;

    protected override string? FaultOf(object? value, bool development)
    {
        var keys = value as IEnumerable<string> ?? (value is string one ? [one] : []);
        return !development && keys.Any(key => key.StartsWith(Prefix, StringComparison.Ordinal))
            ? "is a sandbox key, which only Development accepts"
            : null;
    }
}

/// <summary>Works on a developer's machine and stops the start anywhere else.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DevelopmentOnlyAttribute : SettingRule
{
    protected override string? FaultOf(object? value, bool development) =>
        value is null or "" || development ? null : "is for Development only; remove it";
}

/// <summary>Every entry of a list begins with a known prefix and goes on: the bare prefix is what the example file has.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EachStartsWithAttribute(string prefix) : SettingRule
{
    public string Prefix { get; } = prefix;

    protected override string? FaultOf(object? value, bool development) =>
        value is IEnumerable<string> entries && entries.Any(entry => !entry.StartsWith(Prefix, StringComparison.Ordinal) || entry.Length == Prefix.Length)
            ? $"must be a whole key that starts with {Prefix}"
            : null;
}

/// <summary>Every entry is an origin and nothing more; a star is not one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OriginsAttribute : SettingRule
{
    protected override string? FaultOf(object? value, bool development) =>
        value is IEnumerable<string> entries && !entries.All(IsOrigin) ? "must be origins such as https://example.com" : null;

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority).Equals(text.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
}

/// <summary>Every entry is an address or a network in CIDR notation.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NetworksAttribute : SettingRule
{
    protected override string? FaultOf(object? value, bool development) =>
        value is IEnumerable<string> entries && !entries.All(entry => IPAddress.TryParse(entry, out _) || IPNetwork.TryParse(entry, out _))
            ? "must be addresses or networks such as 10.0.0.0/8"
            : null;
}

/// <summary>Two halves of one thing, of which this is the second: both are given, or neither.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TogetherWithAttribute(string property) : SettingRule
{
    public string Property { get; } = property;

    protected override string? FaultOf(object? value, bool development) => null;

    protected override string? FaultOf(object? value, bool development, object options)
    {
        var first = options.GetType().GetProperty(Property)!;
        return IsAbsent(first.GetValue(options)) == IsAbsent(value) ? null
            : $"must be set together with {first.GetCustomAttribute<SettingAttribute>()!.Name}, or not at all";
    }

    private static bool IsAbsent(object? value) => value is null or "";
}
