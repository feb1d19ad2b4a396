namespace Aurion.Web.Infrastructure.Htmx;

/// <summary>What htmx says about a request.</summary>
public static class HtmxRequest
{
    /// <summary>True for a request of htmx; the answer then says that it depends on it.</summary>
    public static bool IsHtmx(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.HttpContext.Response.Headers.Vary = Vary(request.HttpContext.Response.Headers.Vary);
        return request.Headers.ContainsKey("HX-Request");
    }

    private static string Vary(string? vary) =>
        string.IsNullOrEmpty(vary) ? "HX-Request"
        : vary.Contains("HX-Request", StringComparison.OrdinalIgnoreCase) ? vary : $"{vary}, HX-Request";
}
