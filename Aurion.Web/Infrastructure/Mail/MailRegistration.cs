using Aurion.Web.Infrastructure.Jobs;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aurion.Web.Infrastructure.Mail;

public static class MailRegistration
{
    /// <summary>The e-mails of a feature: its writer, and the job that sends what waits.</summary>
    public static void AddMails<TWriter>(this WebApplicationBuilder builder) where TWriter : class, IEmailWriter
    {
        builder.Services.TryAddSingleton<EmailRenderer>();
        builder.Services.TryAddSingleton<MailSender>();
        builder.Services.TryAddTransient<EmailKinds>();
        builder.Services.AddTransient<IEmailWriter, TWriter>();
    }
}
