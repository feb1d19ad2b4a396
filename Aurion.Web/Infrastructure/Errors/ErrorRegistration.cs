using Microsoft.AspNetCore.Diagnostics;

namespace Aurion.Web.Infrastructure.Errors;

/// <summary>Every failure gets one answer: problem details under /api, an HTML page anywhere else.</summary>
public static class ErrorRegistration
{
    public static void AddErrors(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = ApiProblem.Complete);
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(new PlainTextConverter()));
    }

    public static void UseErrors(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseStatusCodePages(ErrorPage.AnswerAsync);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = Failure.StatusOf,
            // The empty answer that is left gets its body from the status pages around it.
            ExceptionHandler = Failure.DescribeAsync,
            AllowStatusCode404Response = true,
            SuppressDiagnosticsCallback = handled => Failure.StatusOf(handled.Exception) < 500,
        });
    }
}
