using System.Globalization;
using Aurion.Sandbox.Look;
using static Aurion.Sandbox.Look.Page;

namespace Aurion.Sandbox.Mail;

internal static class MailboxPages
{
    public static string List(Mailbox mailbox)
    {
        var messages = mailbox.Messages.Reverse().ToList();
        var rows = string.Concat(messages.Select(mail => $"""
            <li><a href="/messages/{mail.Id}">
              <strong>{Encode(Title(mail))}</strong><time class="quiet" datetime="{mail.ReceivedAt:O}">{At(mail.ReceivedAt)}</time>
              <span class="quiet">{Encode(string.Join(", ", mail.To))} · {Encode(Preview(mail))}</span>
            </a></li>
            """));
        var bounces = string.Concat(mailbox.Bounces.Reverse().Select(bounce => $"""
            <li class="row between"><span>{Encode(bounce.To)}</span><span class="tag danger">{bounce.Verdict}</span></li>
            """));
        return Shell($"Mailbox ({messages.Count})", $"""
            <header class="row between"><h1>Mailbox</h1>
              <form method="post" action="/clear"><button class="btn sec">Empty the mailbox</button></form></header>
            <p class="quiet">Every mail that AURION sends on this machine ends here. <span class="mono">bounce@</span> any domain is refused, <span class="mono">greylist@</span> is taken from a minute after the first try.</p>
            <section class="card">{(rows.Length == 0 ? "<p>No mail yet. It appears here by itself.</p>" : $"<ul class=\"list\">{rows}</ul>")}</section>
            {(bounces.Length == 0 ? "" : $"<section class=\"card stack\"><h2>Recipients that were not taken</h2><ul class=\"list\">{bounces}</ul></section>")}
            """, "mailbox.js");
    }

    public static string Read(MailMessage mail) => Shell(Title(mail), $"""
        <p><a href="/">Back to the mailbox</a></p>
        <header class="stack"><h1>{Encode(Title(mail))}</h1>
          <p class="quiet">From {Encode(mail.From)} to {Encode(string.Join(", ", mail.To))} · {At(mail.ReceivedAt)} · <a href="/messages/{mail.Id}/raw">source</a></p></header>
        {(mail.Html is null ? "" : $"<iframe class=\"letter\" title=\"The mail as its reader sees it\" src=\"/messages/{mail.Id}/html\"></iframe>")}
        <section class="card stack"><h2>Text</h2><pre class="text">{WithLinks(mail.Text)}</pre></section>
        """);

    private static string WithLinks(string text) => MailMessage.HttpLink().Replace(Encode(text), match => $"<a href=\"{match.Value}\">{match.Value}</a>");

    private static string Title(MailMessage mail) => mail.Subject.Length == 0 ? "(no subject)" : mail.Subject;

    private static string Preview(MailMessage mail) => mail.Text.ReplaceLineEndings(" ") is { Length: > 120 } text ? text[..120] : mail.Text.ReplaceLineEndings(" ");

    private static string At(DateTimeOffset time) => time.ToString("d MMM HH:mm:ss", CultureInfo.InvariantCulture);
}
