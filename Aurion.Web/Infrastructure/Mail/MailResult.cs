namespace Aurion.Web.Infrastructure.Mail;

/// <summary>How the attempt to send one e-mail ended; the reason names no address.</summary>
public abstract record MailResult
{
    public sealed record Sent : MailResult;

    /// <summary>The server refuses this recipient or this message for good (5xx): trying again would change nothing.</summary>
    public sealed record Bounced(string Reason) : MailResult;

    /// <summary>The server asks to try this e-mail again later (4xx, greylisting), or the connection broke while it was sent.</summary>
    public sealed record Later(string Reason) : MailResult;

    /// <summary>The server takes no e-mail at all: it is away, it refuses the sign-in or the sender. This says nothing about this e-mail.</summary>
    public sealed record ServerFailed(string Reason) : MailResult;
}
