using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Aurion.Web.Infrastructure.Mail;

/// <summary>Makes the HTML and the plain text of an e-mail.</summary>
public sealed class EmailRenderer(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    // What mail programs show in one line, on a phone that is turned, too.
    private const int Width = 56;

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
        Rows(text, email.Lines);
        Rows(text, email.Credits);
        foreach (var link in email.Links)
            text.Append(link.Text).Append(colon).Append(link.Address).Append('\n');
        // "-- " marks a signature (RFC 3676).
        text.Append("\n-- \nAurion\n").Append(email.Reason).Append('\n');
        if (email.Unsubscribe is { } unsubscribe)
            text.Append(unsubscribe.Text).Append(colon).Append(unsubscribe.Address).Append('\n');
        return text.ToString();
    }

    /// <summary>As on a till slip: the name, a row of dots, the value; a rule above the total.</summary>
    private static void Rows(StringBuilder text, IReadOnlyList<EmailLine> lines)
    {
        foreach (var line in lines)
        {
            if (line.IsTotal)
                text.Append('-', Width).Append('\n');
            text.Append(line.Name).Append(' ').Append('.', Math.Max(3, Width - line.Name.Length - line.Value.Length - 2)).Append(' ').Append(line.Value).Append('\n');
        }
        if (lines.Count > 0)
            text.Append('\n');
    }
}
