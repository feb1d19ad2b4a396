using Aurion.Web.Infrastructure.Commands;

namespace Aurion.Web.Credits;

public static class CreditsRegistration
{
    public static void AddCredits(this WebApplicationBuilder builder)
    {
        builder.AddCommand<VerifyLedgerCommand>("ledger verify");
        builder.Services.AddSingleton<BalanceAnnouncer>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BalanceAnnouncer>());
    }
}
