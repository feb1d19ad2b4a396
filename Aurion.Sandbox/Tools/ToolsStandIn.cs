using System.Globalization;
using Aurion.Sandbox.Host;
using Aurion.Sandbox.Look;
using Npgsql;

namespace Aurion.Sandbox.Tools;

/// <summary>The embedded tools that Aurion does not serve itself, on an origin of their own, speaking the session protocol with the web.</summary>
public sealed class ToolsStandIn : IAsyncDisposable
{
    private const int LongestDelay = 60_000;

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["ai-agents"] = "AI Agents",
    };

    private readonly LoopbackServer http;

    private ToolsStandIn(LoopbackServer http) => this.http = http;

    public string Address => http.Address;

    /// <summary>Starts the tools' origin for one web origin; port 0 takes a free one.</summary>
    public static async Task<ToolsStandIn> StartAsync(string webOrigin, int port = 0, CancellationToken ct = default)
    {
        return new ToolsStandIn(await LoopbackServer.StartAsync(port, app =>
        {
            app.Use((context, next) => WithHeaders(context, next, webOrigin));
            app.MapAssets("Tools/assets");
            app.MapGet("/tools/{tool}", (string tool, HttpContext context) => ToolAsync(tool, webOrigin, context));
        }, ct: ct));
    }

    /// <summary>Writes into the catalogue where the tools are that Aurion does not serve itself, as their operator would.</summary>
    public async Task PlaceAsync(string ownerConnectionString, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(ownerConnectionString);
        await using var command = source.CreateCommand("UPDATE tools SET address = CASE WHEN tool_id = ANY ($1) THEN $2 || '/tools/' || tool_id END WHERE kind = 'embedded'");
        command.Parameters.Add(new() { Value = Names.Keys.ToArray() });
        command.Parameters.Add(new() { Value = Address });
        await command.ExecuteNonQueryAsync(ct);
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
