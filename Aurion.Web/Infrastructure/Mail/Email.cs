using System.Globalization;

namespace Aurion.Web.Infrastructure.Mail;

/// <summary>A mail before it is set as HTML and as text. <paramref name="Facts"/> is what a receipt lists.</summary>
public sealed record Email(
    string Subject, IReadOnlyList<string> Paragraphs, IReadOnlyList<(string Name, string Value)> Facts, IReadOnlyList<EmailLink> Links, string Reason)
{
    /// <summary>The language of the moment in which it was written.</summary>
    public string Language { get; } = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
}

/// <summary>Where a mail leads; the first one is its button.</summary>
public sealed record EmailLink(string Text, string Address);

/// <summary>Puts the facts of one kind of mail into words, in the language of the moment. Each feature writes its own kinds.</summary>
public interface IEmailWriter
{
    /// <summary>Null for a kind that another feature writes.</summary>
    Email? Write(string kind, string facts);
}
