using System.Globalization;
using Aurion.Sandbox.Host;
using Aurion.Sandbox.Look;

namespace Aurion.Sandbox.Tools;

/// <summary>The six embedded tools on an origin of their own, speaking the session protocol with the web.</summary>
public sealed class ToolsStandIn : IAsyncDisposable
{
    private const int LongestDelay = 60_000;

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["app-builder"] = "App Builder",
        ["website-builder"] = "Website Builder",
        ["ai-agents"] = "AI Agents",
        ["content-generator"] = "Content Generator",
        ["code-editor"] = "Code Editor",
        ["text-editor"] = "Text Editor",
    };

    private readonly LoopbackServer http;

    private ToolsStandIn(LoopbackServer http) => this.http = http;

    public string Address => http.Address;

    /// <summary>Starts the tools' origin for one web origin; port 0 takes a free one.</summary>
    public static async Task<ToolsStandIn> StartAsync(string webOrigin, int port = 0, CancellationToken ct = default)
    {
        var previews = new Previews();
        return new ToolsStandIn(await LoopbackServer.StartAsync(port, app =>
        {
            app.Use((context, next) => WithHeaders(context, next, webOrigin));
            app.MapAssets("Tools/assets");
            app.MapGet("/tools/{tool}", (string tool, HttpContext context) => ToolAsync(tool, webOrigin, context));
            previews.Map(app, webOrigin);
        }, ct: ct));
    }

    public ValueTask DisposeAsync() => http.DisposeAsync();

    private static async Task<IResult> ToolAsync(string tool, string webOrigin, HttpContext context)
    {
        if (!Names.TryGetValue(tool, out var name))
            return Results.NotFound();
        // ?slow, or ?slow=9000 in milliseconds: a tool that takes its time.
        if (context.Request.Query.TryGetValue("slow", out var slow))
            await Task.Delay(Math.Min(int.TryParse(slow, CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : 4000, LongestDelay), context.RequestAborted);
        return Page.Html(Assets.Text("Tools/assets/tool.html")
            .Replace("{{tool}}", tool, StringComparison.Ordinal)
            .Replace("{{name}}", name, StringComparison.Ordinal)
            .Replace("{{web}}", System.Net.WebUtility.HtmlEncode(webOrigin), StringComparison.Ordinal));
    }

    private static Task WithHeaders(HttpContext context, RequestDelegate next, string webOrigin)
    {
        var headers = context.Response.Headers;
        // The one address beside its own that a tool talks to is the web, which confirms the session.
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' {webOrigin}; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors {webOrigin}";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        headers.CacheControl = "no-store";
        return next(context);
    }
}
