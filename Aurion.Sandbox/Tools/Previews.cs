using System.Security.Cryptography;

namespace Aurion.Sandbox.Tools;

/// <summary>Pages that a tool generated, shown in a frame that has no right on the tool: the last ones, in memory.</summary>
internal sealed class Previews
{
    private const int Kept = 200;
    private const int LongestPage = 500_000;

    private readonly Lock door = new();
    private readonly Dictionary<string, string> pages = [];
    private readonly Queue<string> order = new();

    public void Map(WebApplication app, string webOrigin)
    {
        app.MapPost("/preview", async (HttpContext context, CancellationToken ct) =>
        {
            // A page of another origin cannot store anything here: its browser says where it comes from.
            if (context.Request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site != "same-origin")
                return Results.StatusCode(StatusCodes.Status403Forbidden);
            if (context.Request.ContentLength is not { } length || length > LongestPage)
                return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
            using var reader = new StreamReader(context.Request.Body);
            return Results.Text("/preview/" + Add(await reader.ReadToEndAsync(ct)));
        });
        app.MapGet("/preview/{id}", (string id, HttpContext context) =>
        {
            if (Find(id) is not { } page)
                return Results.NotFound();
            // Scripts run, in an origin that is nobody's, and reach nothing.
            context.Response.Headers.ContentSecurityPolicy =
                $"sandbox allow-scripts allow-forms allow-modals; default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self' {webOrigin}";
            return Look.Page.Html(page);
        });
    }

    private string Add(string page)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        lock (door)
        {
            pages[id] = page;
            order.Enqueue(id);
            if (order.Count > Kept)
                pages.Remove(order.Dequeue());
        }
        return id;
    }

    private string? Find(string id)
    {
        lock (door)
            return pages.GetValueOrDefault(id);
    }
}
