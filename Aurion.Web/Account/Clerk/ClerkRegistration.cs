using Aurion.Web.Account.Deletion;

namespace Aurion.Web.Account.Clerk;

internal static class ClerkRegistration
{
    internal static void AddClerk(this WebApplicationBuilder builder)
    {
        ClerkClient.Register(builder.Services, builder.Settings<ClerkOptions>());
        builder.Services.AddSingleton<ClerkKeys>();
        builder.Services.AddSingleton<ClerkTokens>();
        builder.Services.AddSingleton<ClerkCallers>();
        builder.Services.AddSingleton<ClerkSignature>();
        builder.Services.AddSingleton<ClerkWebhook>();
        builder.Services.AddSingleton<ClerkSignIn>();
        builder.Services.AddSingleton<ClerkSessions>();
        builder.Services.AddTransient<IPersonalDataHolder, ClerkUserEraser>();
    }
}
