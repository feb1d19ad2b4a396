using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>HTML text whose holes are encoded, unless they are HTML themselves.</summary>
internal readonly record struct Html(string Text)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    public static Html Of(FormattableString text) =>
        new(string.Format(CultureInfo.InvariantCulture, text.Format, [.. text.GetArguments().Select(a => (object)Encode(a))]));

    public static Html None => new("");

    public static Html If(bool condition, Func<Html> html) => condition ? html() : None;

    private static string Encode(object? value) => value switch
    {
        null => "",
        Html html => html.Text,
        string text => Encoder.Encode(text),
        IEnumerable<Html> many => string.Concat(many.Select(h => h.Text)),
        IEnumerable other => string.Concat(other.Cast<object>().Select(Encode)),
        _ => Encoder.Encode(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    public override string ToString() => Text;
}
