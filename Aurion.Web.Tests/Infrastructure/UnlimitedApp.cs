using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>The application without rate limits, for tests of what happens when very many ask at once.</summary>
public class UnlimitedApp : AurionApp
{
    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.PostConfigure<RateLimiterOptions>(options => options.GlobalLimiter = null);
    }
}
