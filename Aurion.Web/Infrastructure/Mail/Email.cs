using System.Globalization;

namespace Aurion.Web.Infrastructure.Mail;

/// <summary>The content of an e-mail, before <see cref="EmailRenderer"/> makes HTML and text of it.</summary>
public sealed record Email
{
    public required string Subject { get; init; }

    /// <summary>The number of the document, printed in the corner of the slip.</summary>
    public string? Number { get; init; }

    public required IReadOnlyList<string> Paragraphs { get; init; }

    /// <summary>What a receipt lists: amounts, dates, names.</summary>
    public IReadOnlyList<EmailLine> Lines { get; init; } = [];

    /// <summary>What happens to the credits.</summary>
    public IReadOnlyList<EmailLine> Credits { get; init; } = [];

    public required IReadOnlyList<EmailLink> Links { get; init; }

    /// <summary>Why the reader gets this e-mail; its last line.</summary>
    public required string Reason { get; init; }

    /// <summary>What stops e-mails of this kind with one click (RFC 8058); null for those that nobody may miss.</summary>
    public EmailLink? Unsubscribe { get; init; }

    /// <summary>The language in which it was written.</summary>
    public string Language { get; } = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
}

/// <summary>A line of a receipt; the total is set larger, under a rule.</summary>
public sealed record EmailLine(string Name, string Value, bool IsTotal = false);

/// <summary>Where an e-mail leads; the first link is its button.</summary>
public sealed record EmailLink(string Text, string Address);

/// <summary>Writes the e-mails of one feature, in the current language.</summary>
public interface IEmailWriter
{
    IReadOnlyList<EmailKind> Kinds { get; }
}
