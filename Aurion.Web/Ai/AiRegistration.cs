using Aurion.Data.Tools;
using Aurion.Web.Ai.Attachments;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Ai.Images;
using Aurion.Web.Ai.Metering;
using Aurion.Web.Ai.Operating;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Credits.Ledger;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Storage;
using Aurion.Web.Tools;

namespace Aurion.Web.Ai;

public static class AiRegistration
{
    public static void AddAi(this WebApplicationBuilder builder)
    {
        var (services, provider) = (builder.Services, builder.Settings<OpenRouterOptions>());
        OpenRouterClient.Register(services, provider);
        services.AddSingleton<ProviderAccounts>();
        builder.AddMails<OperatorEmails>();
        services.AddGroupCommit<HoldGroupCommit>();
        services.AddGroupCommit<AnswerPartGroupCommit>();
        services.AddGroupCommit<AnswerEndGroupCommit>();
        services.AddSingleton<AnswerRuns>();
        services.AddHostedService(runs => runs.GetRequiredService<AnswerRuns>());
        services.AddSingleton<Chats>();
        services.AddSingleton<ChatRooms>();
        services.AddSingleton<PromptLibrary>();
        services.AddSingleton<ChatWords>();
        services.AddSingleton<RunReason>(words => (toolId, code) =>
            toolId == Studio.ToolId ? words.GetRequiredService<StudioWords>().OfRun(code) : words.GetRequiredService<ChatWords>().OfRun(code));
        services.AddSingleton<AnswerHtml>();
        services.AddSingleton<PdfReader>();
        services.AddSingleton<AttachmentReader>();
        foreach (var tool in ChatTool.All)
        {
            services.AddSingleton(new BuiltInTool(tool.Id, tool.Home));
            if (provider.ApiKey.Length == 0)
                services.AddSingleton(new UnconfiguredTool(tool.Id, "OPENROUTER_API_KEY"));
        }

        var freepik = builder.Settings<FreepikOptions>();
        FreepikEngine.Register(services, freepik);
        services.AddSingleton<IPictureEngine>(engines => engines.GetRequiredService<FreepikEngine>());
        services.AddSingleton<IPictureEngine, OpenRouterEngine>();
        services.AddSingleton<PictureArchive>();
        var storage = builder.Settings<StorageOptions>();
        if (storage.Bucket.Length > 0)
            services.AddSingleton<IObjectStorage>(new S3Storage(storage));
        services.AddSingleton<Studio>();
        services.AddSingleton<StudioRooms>();
        services.AddSingleton<StudioWords>();
        services.AddSingleton<FreepikWebhook>();
        services.AddSingleton(new BuiltInTool(Studio.ToolId, "/images"));
        if (freepik.ApiKey.Length == 0 && provider.ApiKey.Length == 0)
            services.AddSingleton(new UnconfiguredTool(Studio.ToolId, "FREEPIK_API_KEY"));
    }

    public static void MapAi(this WebApplication app)
    {
        app.MapChatEndpoints();
        app.MapConversationExport();
        app.MapAnswerFiles();
        app.MapAttachmentFiles();
        app.MapImageEndpoints();
        app.MapPictureFiles();
    }
}
