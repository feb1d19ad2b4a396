using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Aurion.Data.Tools;
using Aurion.Web.Infrastructure.Security;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Tools.Works;

/// <summary>
/// The files of a piece of work as a browser runs them. Scripts run, in an origin that is nobody's, and reach their own files only.
/// </summary>
public static partial class WorkPages
{
    private const string Probe = "/js/preview.js";

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".mjs"] = "text/javascript; charset=utf-8",
        [".json"] = "application/json; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    internal static void MapWorkPages(this WebApplication app)
    {
        var site = app.Services.GetRequiredService<SiteOptions>();
        app.MapGet(WorkAddresses.Previews + "/{ticket}/{**path}", PreviewAsync).OnToolHost(site);
        app.MapGet(WorkAddresses.Published + "/{key:length(32)}/{**path}", PublishedAsync).OnToolHost(site);
    }

    private static async Task<IResult> PreviewAsync(string ticket, string? path, HttpContext http, WorkAddresses addresses, WorkStore works, SiteOptions site, CancellationToken ct)
    {
        Confine(http, $"{site.ToolsOriginText}{WorkAddresses.Previews}/{ticket}/", $"{site.ToolsOriginText} {site.PublicOrigin}", site);
        return addresses.Read(ticket) is { } shown && await works.FindAsync(shown.UserId, shown.WorkId, shown.Version, ct) is { } work
            ? Show(work.Content, path, isProbed: true)
            : Results.NotFound();
    }

    private static async Task<IResult> PublishedAsync(string key, string? path, HttpContext http, WorkStore works, SiteOptions site, CancellationToken ct)
    {
        Confine(http, $"{site.ToolsOriginText}{WorkAddresses.Published}/{key}/", "'none'", site);
        return await works.FindPublishedAsync(key, ct) is { } content ? Show(content, path, isProbed: false) : Results.NotFound();
    }

    private static IResult Show(string json, string? path, bool isProbed)
    {
        var content = WorkContent.Parse(json);
        if ((string.IsNullOrEmpty(path) ? StartOf(content) : content.Files.FirstOrDefault(file => file.Path == path)) is not { } file)
            return Results.NotFound();
        var type = Types.GetValueOrDefault(Path.GetExtension(file.Path), "text/plain; charset=utf-8");
        var text = isProbed && type.StartsWith("text/html", StringComparison.Ordinal) ? Probed(file.Text) : file.Text;
        return Results.Bytes(Encoding.UTF8.GetBytes(text), type);
    }

    /// <summary>The page to begin with; a script alone gets an empty one around it.</summary>
    private static WorkFile? StartOf(WorkContent content)
    {
        WorkFile? Find(string ending) => content.Files.FirstOrDefault(file => file.Path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        return content.Files.FirstOrDefault(file => file.Path == "index.html") ?? Find(".html")
            ?? ((Find(".js") ?? Find(".mjs")) is { } script ? new WorkFile("start.html", Around(WebUtility.HtmlEncode(script.Path))) : null);
    }

    private static string Around(string script) =>
        $"<!doctype html><html lang=\"en\"><head><title>{script}</title><script src=\"{script}\" defer></script></head><body></body></html>";

    // Reports faults of the page to the tool that shows it. Before anything that may fail, and after the doctype, which must come first.
    private static string Probed(string html)
    {
        // Without it, a fault in a file of its own would be told as "Script error." to a page that has no origin.
        html = OwnScript().Replace(html, "<script crossorigin");
        var at = html.IndexOf("<head>", StringComparison.OrdinalIgnoreCase) is >= 0 and var head ? head + "<head>".Length
            : html.StartsWith("<!doctype html>", StringComparison.OrdinalIgnoreCase) ? "<!doctype html>".Length : 0;
        return html.Insert(at, $"<script src=\"{Probe}\"></script>");
    }

    [GeneratedRegex(@"<script(?=\s[^>]*src=)(?![^>]*crossorigin)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex OwnScript();

    private static void Confine(HttpContext http, string own, string ancestors, SiteOptions site)
    {
        http.Features.Set(new ContentPolicy(string.Join("; ",
            "sandbox allow-scripts allow-forms allow-modals",
            "default-src 'none'",
            $"script-src 'unsafe-inline' {own} {site.ToolsOriginText}{Probe}",
            $"style-src 'unsafe-inline' {own}",
            $"img-src {own} data: blob:",
            $"font-src {own} data:",
            $"media-src {own} data: blob:",
            "form-action 'none'",
            "base-uri 'none'",
            $"frame-ancestors {ancestors}")));
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        // A page without an origin reads its own files as a stranger would; whoever knows the address may.
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.Headers["X-Robots-Tag"] = "noindex";
    }
}
