using Aurion.Sandbox.Look;

namespace Aurion.Sandbox.Mail;

/// <summary>The mailbox for people (/) and for tests (/api/messages).</summary>
internal static class MailboxEndpoints
{
    private const int LongestWait = 30;

    // Links of a mail open in a tab of their own; nothing of it runs or reads the mailbox.
    private const string MailPolicy =
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; frame-ancestors 'self'";

    public static void Map(WebApplication app, Mailbox mailbox)
    {
        app.UsePageHeaders();
        app.MapAssets();
        app.MapGet("/", () => Page.Show<Inbox>(new { mailbox.Messages, mailbox.Bounces }));
        app.MapGet("/messages/{id:int}", (int id) => Find(mailbox, id) is { } mail ? Page.Show<ReadMail>(new { Mail = mail }) : Results.NotFound());
        app.MapGet("/messages/{id:int}/html", (int id, HttpContext context) =>
        {
            if (Find(mailbox, id) is not { Html: { } html })
                return Results.NotFound();
            context.Response.Headers.ContentSecurityPolicy = MailPolicy;
            return Page.Html("<base target=\"_blank\">" + html);
        });
        app.MapGet("/messages/{id:int}/raw", (int id) => Find(mailbox, id) is { } mail ? Results.Text(mail.Raw) : Results.NotFound());
        app.MapPost("/clear", () =>
        {
            mailbox.Clear();
            return Results.Redirect("/");
        });

        app.MapGet("/api/messages", (string? to, int? wait, CancellationToken ct) => WaitForAsync(mailbox, to, wait ?? 0, ct));
        app.MapGet("/api/messages/{id:int}", (int id) => Find(mailbox, id) is { } mail ? Results.Ok(mail) : Results.NotFound());
        app.MapGet("/api/bounces", () => mailbox.Bounces);
        app.MapGet("/api/changed", async (CancellationToken ct) => await Task.WhenAny(mailbox.Changed, Task.Delay(TimeSpan.FromSeconds(LongestWait), ct)) == mailbox.Changed);
        app.MapDelete("/api/messages", mailbox.Clear);
    }

    private static MailMessage? Find(Mailbox mailbox, int id) => mailbox.Messages.FirstOrDefault(mail => mail.Id == id);

    /// <summary>The messages to an address, newest last; with <paramref name="wait"/>, as soon as there is one.</summary>
    private static async Task<IReadOnlyList<MailMessage>> WaitForAsync(Mailbox mailbox, string? to, int wait, CancellationToken ct)
    {
        var patience = Task.Delay(TimeSpan.FromSeconds(Math.Clamp(wait, 0, LongestWait)), ct);
        while (true)
        {
            var changed = mailbox.Changed;
            var found = mailbox.Messages.Where(mail => to is null || mail.IsTo(to)).ToList();
            if (found.Count > 0 || await Task.WhenAny(changed, patience) == patience)
                return found;
        }
    }
}
