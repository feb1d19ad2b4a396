using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>The application without its job engine, for tests that set the clock back: a job would still run at the later time.</summary>
public sealed class QuietApp : AurionApp
{
    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        WithoutJobEngine(services);
    }
}
