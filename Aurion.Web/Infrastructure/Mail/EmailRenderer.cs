using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Aurion.Web.Infrastructure.Mail;

/// <summary>Makes the HTML and the plain text of an e-mail.</summary>
public sealed class EmailRenderer(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    public async Task<string> HtmlAsync(Email email)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<EmailLayout>(ParameterView.FromDictionary(
                new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(EmailLayout.Email)] = email }))).ToHtmlString());
    }

    public static string Text(Email email)
    {
        var text = new StringBuilder();
        var colon = email.Language == "fr" ? "\u00a0: " : ": ";
        text.AppendJoin("\n\n", email.Paragraphs).Append("\n\n");
        foreach (var line in email.Lines.Concat(email.Credits))
            text.Append(line.Name).Append(colon).Append(line.Value).Append('\n');
        if (email.Lines.Count + email.Credits.Count > 0)
            text.Append('\n');
        foreach (var link in email.Links)
            text.Append(link.Text).Append(colon).Append(link.Address).Append('\n');
        // "-- " marks a signature (RFC 3676).
        text.Append("\n-- \nAurion\n").Append(email.Reason).Append('\n');
        if (email.Unsubscribe is { } unsubscribe)
            text.Append(unsubscribe.Text).Append(colon).Append(unsubscribe.Address).Append('\n');
        return text.ToString();
    }
}
