using Aurion.Web.Infrastructure.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aurion.Web.Infrastructure.Clock;

public static class ClockRegistration
{
    public static void AddClock(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(services =>
            services.GetRequiredService<SandboxOptions>().ClockFile is { } path ? new SharedFileClock(path) : TimeProvider.System);
    }
}
