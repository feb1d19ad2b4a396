using Aurion.Web.Credits.Ledger;
using Aurion.Web.Credits.Live;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.Mvc;

namespace Aurion.Web.Credits;

public static class CreditsRegistration
{
    public static void AddCredits(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<BalanceAnnouncer>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BalanceAnnouncer>());
        builder.Services.AddSingleton<LiveFeeds>();
        builder.Services.AddHostedService<BalanceListener>();
        builder.Services.AddGroupCommit<BalanceGroupRead>();
        builder.Services.AddSingleton<BalanceFrame>();
        builder.Services.Configure<MvcOptions>(options => options.Filters.AddService<BalanceFrame>());
        builder.Services.AddSingleton<MovementWords>();
        builder.Services.AddSingleton<CapWords>();
        builder.AddMails<ReceiptEmails>();
    }

    public static void MapCredits(this WebApplication app)
    {
        app.MapLiveBalance();
        app.MapLedgerExport();
    }
}
