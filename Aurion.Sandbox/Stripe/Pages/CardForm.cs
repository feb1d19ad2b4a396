using System.Globalization;
using System.Text.RegularExpressions;
using Aurion.Sandbox.Stripe.Billing;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>What was typed into a card form, and what is wrong with it, field by field.</summary>
public sealed partial record CardForm(string Email, string Number, string Expiration, string Cvc, string Name)
{
    public Dictionary<string, string> Errors { get; } = new(StringComparer.Ordinal);
    public string? Declined { get; init; }

    public static CardForm Empty(string? email) => new(email ?? "", "", "", "", "");

    public static CardForm Read(IFormCollection form, string? knownEmail) => new(
        knownEmail ?? form["email"].ToString().Trim(), form["number"].ToString(), form["expiration"].ToString().Trim(), form["cvc"].ToString().Trim(), form["name"].ToString().Trim());

    /// <summary>The card behind the form, or null with <see cref="Errors"/> filled in.</summary>
    internal CardEntry? Check(PageText text, DateTimeOffset now)
    {
        var digits = new string([.. Number.Where(char.IsAsciiDigit)]);
        var card = TestCards.Find(digits);
        if (!Email.Contains('@', StringComparison.Ordinal))
            Errors["email"] = text["Enter your e-mail address."];
        if (digits.Length == 0)
            Errors["number"] = text["Enter the card number."];
        else if (card is null)
            Errors["number"] = text[TestCards.IsCardNumber(digits) ? "This sandbox takes test cards only, for example 4242 4242 4242 4242." : "Your card number is invalid."];
        var expires = Expires();
        if (expires is null)
            Errors["expiration"] = text["Enter the expiration date as month and year, for example 12 / 34."];
        else if (expires.Value.Month + (expires.Value.Year * 12) < now.Month + (now.Year * 12))
            Errors["expiration"] = text["Your card's expiration date is in the past."];
        if (Cvc.Length is < 3 or > 4 || !Cvc.All(char.IsAsciiDigit))
            Errors["cvc"] = text["Enter the 3 or 4 digits of the security code."];
        if (Name.Length == 0)
            Errors["name"] = text["Enter the name on the card."];
        return Errors.Count > 0 ? null : new CardEntry(card!, expires!.Value.Month, expires.Value.Year, Name, Email);
    }

    private (int Month, int Year)? Expires()
    {
        var match = ExpirationForm().Match(Expiration);
        if (!match.Success)
            return null;
        var month = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var year = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        return month is >= 1 and <= 12 ? (month, year < 100 ? year + 2000 : year) : null;
    }

    [GeneratedRegex(@"^\s*(\d{1,2})\s*[/ -]?\s*(\d{4}|\d{2})\s*$", RegexOptions.None, 1000)]
    private static partial Regex ExpirationForm();
}
