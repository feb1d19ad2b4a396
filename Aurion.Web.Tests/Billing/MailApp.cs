using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Sandbox.Mail;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Billing;

/// <summary>The shop with a mail server beside it.</summary>
public sealed class MailApp : BillingApp
{
    private static readonly string[] Routine = ["Confirm your e-mail address", "Confirmez votre adresse e-mail", "New sign-in to your account", "Nouvelle connexion à votre compte"];

    private MailStandIn mail = null!;

    public LogCollector Log { get; } = new();

    protected override bool StripeRunsByItself => false;

    protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
    {
        ["SMTP_URL"] = mail.SmtpUrl,
        ["MAIL_FROM"] = "AURION <hello@aurion.test>",
    };

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        Log.AddTo(services);
    }

    public override async Task InitializeAsync()
    {
        mail = await MailStandIn.StartAsync(Clock);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await mail.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends what waits; then everything that the person's mailbox holds, oldest first.</summary>
    public Task<IReadOnlyList<Mail>> MailboxAsync(TestUser user) => MailboxAsync(user.Email);

    /// <summary>What every account gets by itself is left out unless it is asked for: it would stand between a test and what it is about.</summary>
    public async Task<IReadOnlyList<Mail>> MailboxAsync(string email, bool routine = false)
    {
        await Service<SendMailsJob>().RunAsync(CancellationToken.None);
        using var http = new HttpClient();
        var mails = await http.GetFromJsonAsync<List<Mail>>($"{mail.Address}/api/messages?to={email}", JsonSerializerOptions.Web) ?? [];
        return routine ? mails : mails.FindAll(found => !Routine.Contains(found.Subject));
    }

    /// <summary>The person's mails as they went over the wire.</summary>
    public async Task<IReadOnlyList<string>> RawAsync(string email)
    {
        using var http = new HttpClient();
        return [.. (await http.GetFromJsonAsync<List<JsonElement>>($"{mail.Address}/api/messages?to={email}"))!.Select(found => found.GetProperty("raw").GetString()!)];
    }

    public Task SpeakAsync(TestUser user, string language) => ExecuteAsync("UPDATE profiles SET locale = @language WHERE id = @Id", new { user.Id, language });

    public Task<IReadOnlyList<(string Kind, string State, string? Error, int Attempts)>> QueueAsync(TestUser user) =>
        QueryAsync<(string, string, string?, int)>("SELECT kind, state, last_error, attempts FROM mails WHERE user_id = @Id ORDER BY created_at, source_ref", new { user.Id });
}

public sealed record Mail(string Subject, string Text, string Html, IReadOnlyList<string> Links);
