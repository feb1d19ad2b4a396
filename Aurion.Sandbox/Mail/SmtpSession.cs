using System.Text;

namespace Aurion.Sandbox.Mail;

/// <summary>One SMTP conversation (RFC 5321), with AUTH LOGIN and PLAIN taking any credentials.</summary>
internal sealed class SmtpSession(StreamReader reader, StreamWriter writer, Mailbox mailbox)
{
    private const int LargestMessage = 10 * 1024 * 1024;

    private readonly List<string> recipients = [];
    private string? sender;

    public async Task RunAsync(CancellationToken ct)
    {
        await writer.WriteLineAsync("220 mail.aurion.test ESMTP AURION sandbox");
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            var (verb, rest) = line.Split(' ', 2) is [var first, var second] ? (first.ToUpperInvariant(), second) : (line.ToUpperInvariant(), "");
            await writer.WriteLineAsync(await AnswerAsync(verb, rest, ct));
            if (verb == "QUIT")
                return;
        }
    }

    private async Task<string> AnswerAsync(string verb, string rest, CancellationToken ct) => verb switch
    {
        "EHLO" => "250-mail.aurion.test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-SIZE 10485760\r\n250 AUTH LOGIN PLAIN",
        "HELO" => "250 mail.aurion.test",
        "AUTH" => await AuthenticateAsync(rest, ct),
        "MAIL" => From(rest),
        "RCPT" => To(rest),
        "DATA" => await ReceiveAsync(ct),
        "RSET" => Reset("250 2.0.0 Forgotten"),
        "NOOP" => "250 2.0.0 OK",
        "QUIT" => "221 2.0.0 Bye",
        _ => "502 5.5.1 Not known here",
    };

    private async Task<string> AuthenticateAsync(string rest, CancellationToken ct)
    {
        var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var way, ..] || way.ToUpperInvariant() is not ("LOGIN" or "PLAIN"))
            return "504 5.5.4 LOGIN or PLAIN";
        var questions = way.Equals("LOGIN", StringComparison.OrdinalIgnoreCase) ? new[] { "VXNlcm5hbWU6", "UGFzc3dvcmQ6" } : [""];
        // What came with the command itself answers the first question.
        foreach (var question in questions.Skip(words.Length - 1))
        {
            await writer.WriteLineAsync("334 " + question);
            await reader.ReadLineAsync(ct);
        }
        return "235 2.7.0 Welcome";
    }

    private string From(string rest)
    {
        if (Address(rest, "FROM:") is not { } address)
            return "501 5.5.4 MAIL FROM:<address>";
        Reset("");
        sender = address;
        return "250 2.1.0 OK";
    }

    private string To(string rest)
    {
        if (sender is null)
            return "503 5.5.1 MAIL first";
        if (Address(rest, "TO:") is not { Length: > 0 } address)
            return "501 5.5.4 RCPT TO:<address>";
        if (address.StartsWith("bounce@", StringComparison.OrdinalIgnoreCase))
        {
            mailbox.Refuse(sender, address);
            return "550 5.1.1 No such mailbox here";
        }
        recipients.Add(address);
        return "250 2.1.5 OK";
    }

    private async Task<string> ReceiveAsync(CancellationToken ct)
    {
        if (recipients.Count == 0)
            return "503 5.5.1 RCPT first";
        await writer.WriteLineAsync("354 End with a line that has only a dot");
        var message = new StringBuilder();
        while (await reader.ReadLineAsync(ct) is { } line && line != ".")
        {
            if (message.Length <= LargestMessage)
                message.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }
        if (message.Length > LargestMessage)
            return Reset("552 5.3.4 Too large");
        mailbox.Deliver(sender!, [.. recipients], Encoding.Latin1.GetBytes(message.ToString()));
        return Reset("250 2.0.0 Delivered");
    }

    private string Reset(string answer)
    {
        sender = null;
        recipients.Clear();
        return answer;
    }

    private static string? Address(string rest, string keyword)
    {
        if (!rest.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
            return null;
        var (open, close) = (rest.IndexOf('<', StringComparison.Ordinal), rest.IndexOf('>', StringComparison.Ordinal));
        return open >= 0 && close > open ? Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(rest[(open + 1)..close])) : null;
    }
}
