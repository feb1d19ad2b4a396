namespace Aurion.Web.Infrastructure.Security;

/// <summary>Everything that stands between a stranger and the features.</summary>
public static class SecurityRegistration
{
    public static void AddSecurity(this WebApplicationBuilder builder)
    {
        builder.AddTransport();
        builder.AddBodyLimits();
        builder.AddCorsAllowList();
        builder.AddRateLimits();
        builder.AddSecureCookies();
        builder.AddAntiforgeryCookie();
        builder.AddKeyRing();
        builder.Services.AddSingleton<SignedTickets>();
    }
}
