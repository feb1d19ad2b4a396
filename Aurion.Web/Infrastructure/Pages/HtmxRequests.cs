using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Infrastructure.Pages;

/// <summary>What htmx asks of every page: caches keep page and fragment apart, and going back in the history gets the whole page.</summary>
public static class HtmxRequests
{
    public static void UseHtmx(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is null)
            return next(context);
        context.Response.Headers.AppendCommaSeparatedValues("Vary", "HX-Request", "HX-History-Restore-Request");
        // htmx asks for a page that is no longer in its history cache, and would put a fragment in the page's place.
        if (context.Request.Headers.ContainsKey("HX-History-Restore-Request"))
            context.Request.Headers.Remove("HX-Request");
        return next(context);
    });
}
