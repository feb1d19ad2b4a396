using Aurion.Web.Infrastructure.Jobs;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aurion.Web.Infrastructure.Mail;

public static class MailRegistration
{
    /// <summary>Mails of a feature: its writer, and the job that sends whatever waits.</summary>
    public static void AddMails<TWriter>(this WebApplicationBuilder builder) where TWriter : class, IEmailWriter
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<MailSender>();
        builder.Services.AddTransient<IEmailWriter, TWriter>();
        builder.AddJob<SendMailsJob>(TimeSpan.FromMinutes(1));
    }
}
