namespace Aurion.Web.Infrastructure.Pages;

/// <summary>The pages that search engines may show: the head of each page, /sitemap.xml and /robots.txt read this list.</summary>
public static class PublicPages
{
    /// <summary>The page of one tool is this address and one more word.</summary>
    public const string Tools = "/tools";

    public static readonly IReadOnlyList<string> Paths = ["/", "/pricing", Tools, "/help", "/developers", "/account/sign-in", "/account/sign-up", "/legal/notice", "/legal/privacy", "/legal/terms"];

    // What begins so belongs to one account, or is made for programs.
    private static readonly string[] Closed =
        ["/account", "/admin", "/api/", "/billing", "/chat", "/code", "/credits", "/dashboard", "/images", "/live", "/preferences", "/tools/*/favourite", "/tools/*/silent", "/work"];

    /// <summary>The path by which a page that was found is known, without its query; null for a private page and for an error.</summary>
    public static string? PathOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Response.StatusCode != StatusCodes.Status200OK)
            return null;
        var path = context.Request.Path.Value!.ToLowerInvariant() is { Length: > 1 } given ? given.TrimEnd('/') : "/";
        return Paths.Contains(path) || (path.StartsWith(Tools + "/", StringComparison.Ordinal) && path.LastIndexOf('/') == Tools.Length) ? path : null;
    }

    /// <summary>The language that the address names, if it does.</summary>
    public static string? LanguageOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Request.Query[Localization.QueryName] is [{ } named] && Localization.IsSupported(named) ? named : null;
    }

    private static bool IsWithinClosed(string path) => Closed.Any(start => path.StartsWith(start, StringComparison.Ordinal));

    public static void MapRobots(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var sitemap = $"Sitemap: {app.Services.GetRequiredService<SiteOptions>().PublicOrigin}/sitemap.xml";
        // The longest rule that fits an address decides (RFC 9309, 2.2.2).
        var text = string.Join('\n', ["User-agent: *", .. Closed.Select(path => "Disallow: " + path), .. Paths.Where(IsWithinClosed).Select(path => "Allow: " + path), "", sitemap, ""]);
        app.MapGet("/robots.txt", () => Results.Text(text)).AllowAnonymous();
    }
}
