using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Says on every page in the same words that Stripe is away. A handler that charges says itself what is known of the charge.</summary>
public sealed partial class StripeAwayFilter(ILogger<StripeAwayFilter> log) : IExceptionFilter
{
    public void OnException(ExceptionContext context)
    {
        if (context.Exception is not StripeFault fault)
            return;
        var path = context.HttpContext.Request.Path;
        if (fault is StripeUnreachableException)
            LogUnreachable(fault, path);
        else
            LogRefused(fault, path);
        context.Result = context.HttpContext.Request.IsHtmx()
            ? new PartialViewResult { ViewName = "/Pages/Billing/_StripeAway.cshtml", StatusCode = StatusCodes.Status503ServiceUnavailable }
            : new ViewResult { ViewName = "/Pages/Billing/StripeAway.cshtml", StatusCode = StatusCodes.Status503ServiceUnavailable };
        context.ExceptionHandled = true;
    }

    [LoggerMessage(LogLevel.Warning, "Stripe did not answer {Path}; the person was told so")]
    private partial void LogUnreachable(Exception fault, string path);

    [LoggerMessage(LogLevel.Error, "Stripe refused what {Path} asked for; the person was told that payments are unavailable")]
    private partial void LogRefused(Exception fault, string path);
}
