using Aurion.Web.Credits.Ledger;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Tools;

public static class ToolsRegistration
{
    public static void AddTools(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ToolSessionTokens>();
        builder.Services.AddSingleton<ToolFrames>();
        builder.Services.AddSingleton<ToolWords>();
        builder.Services.AddSingleton<SubjectName>(services => services.GetRequiredService<ToolWords>().Name);
        builder.Services.AddSingleton<ToolLauncher>();
        builder.Services.AddGroupCommit<LaunchGroupCommit>();
    }

    public static void MapTools(this WebApplication app) => app.MapToolEndpoints();
}
