using Aurion.Data.Tools;
using Aurion.Web.Credits.Ledger;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Settings;
using Aurion.Web.Pages.Dashboard;
using Aurion.Web.Tools.Agents;
using Aurion.Web.Tools.Calls;
using Aurion.Web.Tools.Works;
using Microsoft.AspNetCore.Cors.Infrastructure;

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
        builder.Services.AddSingleton<WorkAddresses>();
        builder.Services.AddSingleton<WorkPictures>();
        builder.Services.AddSingleton<ICorsPolicyProvider, ToolCors>();
        builder.Services.AddSingleton<AgentRuns>();
        builder.Services.AddSingleton<ToolCalls>();
        builder.Services.AddHostedService(calls => calls.GetRequiredService<ToolCalls>());
        builder.Services.AddGroupCommit<LaunchGroupCommit>();
        builder.Services.AddGroupCommit<CatalogueGroupRead>();
        builder.Services.AddGroupCommit<OverviewGroupRead>();
        if (builder.Settings<OpenRouterOptions>().ApiKey.Length == 0)
            foreach (var tool in OwnTools.Ids)
                builder.Services.AddSingleton(new UnconfiguredTool(tool, "OPENROUTER_API_KEY"));
        builder.AddToolHost();
    }

    public static void MapTools(this WebApplication app)
    {
        app.MapToolEndpoints();
        app.MapToolActions();
        app.MapWorkPages();
        app.MapWorkDownloads();
    }
}
