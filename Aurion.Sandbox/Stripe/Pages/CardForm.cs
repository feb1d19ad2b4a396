using System.Globalization;
using System.Text.RegularExpressions;
using Aurion.Sandbox.Stripe.Billing;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>What was typed into a card form, and what is wrong with it, field by field.</summary>
internal sealed partial record CardForm(string Email, string Number, string Expiration, string Cvc, string Name)
{
    public Dictionary<string, string> Errors { get; } = new(StringComparer.Ordinal);
    public string? Declined { get; init; }

    public static CardForm Empty(string? email) => new(email ?? "", "", "", "", "");

    public static CardForm Read(IFormCollection form, string? knownEmail) => new(
        knownEmail ?? form["email"].ToString().Trim(), form["number"].ToString(), form["expiration"].ToString().Trim(), form["cvc"].ToString().Trim(), form["name"].ToString().Trim());

    /// <summary>The card behind the form, or null with <see cref="Errors"/> filled in.</summary>
    public CardEntry? Check(PageText text, DateTimeOffset now)
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

    public Html Fields(PageText text, bool emailFixed) => Html.Of($"""
        {Html.If(Declined is not null || Errors.Count > 0, () => Html.Of($"""<p class="alert" role="alert">{Declined ?? text["Please check the marked fields."]}</p>"""))}
        {(emailFixed ? Html.Of($"""<p><span class="soft">{text["E-mail"]}</span><br>{Email}</p>""") : Field("email", text["E-mail"], Email, "email", "email", "email", ""))}
        {Field("number", text["Card number"], Number, "text", "numeric", "cc-number", "1234 1234 1234 1234")}
        <div class="row">
        <div>{Field("expiration", text["Expiration"], Expiration, "text", "numeric", "cc-exp", text["MM / YY"])}</div>
        <div>{Field("cvc", "CVC", "", "text", "numeric", "cc-csc", "123")}</div>
        </div>
        {Field("name", text["Name on card"], Name, "text", "text", "cc-name", "")}
        """);

    private Html Field(string id, string label, string value, string type, string mode, string autocomplete, string placeholder)
    {
        var error = Errors.GetValueOrDefault(id);
        return Html.Of($"""
            <label for="{id}">{label}</label>
            <input id="{id}" name="{id}" type="{type}" inputmode="{mode}" autocomplete="{autocomplete}" placeholder="{placeholder}" value="{value}" required{(error is null ? Html.None : Html.Of($""" aria-invalid="true" aria-describedby="{id}-error" """))}>
            {(error is null ? Html.None : Html.Of($"""<p class="error" id="{id}-error">{error}</p>"""))}
            """);
    }
}
