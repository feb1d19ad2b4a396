using Htmx;

namespace Aurion.Web.Infrastructure.Htmx;

/// <summary>The same two words over the Htmx package.</summary>
public static class HtmxPackage
{
    /// <summary>True for a request of htmx; the answer then says that it depends on it.</summary>
    public static bool IsHtmx(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.HttpContext.Response.Headers.AppendCommaSeparatedValues("Vary", "HX-Request");
        return HtmxHttpExtensions.IsHtmx(request);
    }

    public static void Htmx(this HttpResponse response, Action<HtmxResponseHeaders> say) => HtmxHttpExtensions.Htmx(response, say);
}
