using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Aurion.Web.Infrastructure.Mail;

/// <summary>Sets a letter as text and as HTML. Mail readers keep no stylesheet, so the few looks stand on the elements.</summary>
public static class EmailLayout
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Text(Email letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        var text = new StringBuilder();
        var colon = letter.Language == "fr" ? "\u00a0: " : ": ";
        text.AppendJoin("\n\n", letter.Paragraphs).Append("\n\n");
        foreach (var (name, value) in letter.Facts)
            text.Append(name).Append(colon).Append(value).Append('\n');
        if (letter.Facts.Count > 0)
            text.Append('\n');
        foreach (var link in letter.Links)
            text.Append(link.Text).Append(colon).Append(link.Address).Append('\n');
        return text.Append("\n-- \nAurion\n").Append(letter.Reason).Append('\n').ToString();
    }

    public static string Html(Email letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        var paragraphs = string.Concat(letter.Paragraphs.Select(paragraph => $"<p style=\"margin:0 0 16px\">{Safe(paragraph)}</p>\n"));
        var facts = string.Concat(letter.Facts.Select(fact =>
            $"<tr><th scope=\"row\" style=\"text-align:left;font-weight:400;color:#5b5446;padding:4px 16px 4px 0\">{Safe(fact.Name)}</th><td style=\"padding:4px 0;overflow-wrap:anywhere\">{Safe(fact.Value)}</td></tr>\n"));
        var links = string.Concat(letter.Links.Select((link, place) =>
            $"<p style=\"margin:0 0 16px\"><a href=\"{Safe(link.Address)}\" style=\"{(place == 0 ? "display:inline-block;background:#1f3a8a;color:#ffffff;padding:12px 20px;border-radius:8px;text-decoration:none" : "color:#1f3a8a")}\">{Safe(link.Text)}</a></p>\n"));
        return $"""
            <!doctype html>
            <html lang="{letter.Language}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Safe(letter.Subject)}</title></head>
            <body style="margin:0;background:#f7f3ea;color:#1d1b16;font:16px/1.5 system-ui,sans-serif">
            <main style="max-width:560px;margin:0 auto;padding:32px 24px">
            <p style="margin:0 0 24px;font-weight:700">Aurion</p>
            <h1 style="margin:0 0 16px;font-size:22px;line-height:1.25">{Safe(letter.Subject)}</h1>
            {paragraphs}<table style="border-collapse:collapse;margin:0 0 24px">{facts}</table>
            {links}<p style="margin:32px 0 0;font-size:13px;color:#5b5446">{Safe(letter.Reason)}</p>
            </main>
            </body>
            </html>
            """;
    }

    private static string Safe(string text) => Encoder.Encode(text);
}
