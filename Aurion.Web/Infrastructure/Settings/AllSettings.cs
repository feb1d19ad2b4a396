using System.Reflection;

namespace Aurion.Web.Infrastructure.Settings;

/// <summary>Every options class, in the order of docs/SETTINGS.md.</summary>
public static class AllSettings
{
    public static IReadOnlyList<Type> Types { get; } =
    [
        typeof(DatabaseOptions), typeof(SiteOptions), typeof(JwtOptions), typeof(SignUpOptions), typeof(StripeOptions), typeof(ClerkOptions), typeof(GoogleOptions),
        typeof(GitHubOptions),
        typeof(OpenRouterOptions), typeof(FreepikOptions), typeof(StorageOptions), typeof(MailOptions), typeof(RetentionOptions),
        typeof(SandboxOptions),
    ];

    /// <summary>Every variable, the owner's included.</summary>
    public static IReadOnlyList<SettingAttribute> All { get; } =
    [
        .. Types.Prepend(typeof(OwnerOptions))
            .SelectMany(type => type.GetProperties())
            .Select(property => property.GetCustomAttribute<SettingAttribute>())
            .OfType<SettingAttribute>(),
    ];
}
