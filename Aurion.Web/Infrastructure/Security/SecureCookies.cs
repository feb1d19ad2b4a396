using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>
/// Every cookie is Secure, and those that open something carry the __Host- prefix. WebKit keeps neither on http://localhost, so a
/// site whose public address is plain http drops both; the settings refuse such an address outside Development.
/// </summary>
public static class SecureCookies
{
    public static string CookieName(this SiteOptions site, string name) => site.IsHttps ? "__Host-" + name : name;

    public static string CookieName(this HttpContext context, string name) => context.RequestServices.GetRequiredService<SiteOptions>().CookieName(name);

    public static void AddSecureCookies(this WebApplicationBuilder builder) =>
        builder.Services.AddOptions<CookiePolicyOptions>().Configure<SiteOptions>((options, site) =>
        {
            options.Secure = site.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            options.MinimumSameSitePolicy = SameSiteMode.Lax;
        });
}
