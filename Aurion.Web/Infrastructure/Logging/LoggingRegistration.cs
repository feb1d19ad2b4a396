using System.Globalization;
using Serilog;
using Serilog.Formatting.Json;

namespace Aurion.Web.Infrastructure.Logging;

/// <summary>Serilog on the console: lines to read in Development, JSON for machines everywhere else.</summary>
public static class LoggingRegistration
{
    private const string Line = "{Timestamp:HH:mm:ss} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";

    public static void AddLogging(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", Serilog.Events.LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", Serilog.Events.LogEventLevel.Information)
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", Serilog.Events.LogEventLevel.Error)
            .MinimumLevel.Override("Hangfire", Serilog.Events.LogEventLevel.Warning)
            .MinimumLevel.Override("System.Net.Http.HttpClient", Serilog.Events.LogEventLevel.Warning)
            .ReadFrom.Configuration(builder.Configuration)
            .Enrich.FromLogContext();
        // A line waits for nobody: the console is written by one thread, and whoever outruns it waits rather than loses lines.
        logger = logger.WriteTo.Async(
            console =>
            {
                if (builder.Environment.IsDevelopment())
                    console.Console(outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture);
                else
                    console.Console(new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture));
            },
            blockWhenFull: true);

        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(logger.CreateLogger(), dispose: true);
    }
}
