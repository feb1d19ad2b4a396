using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>The receipt of a charge, at the address that the charge's <c>receipt_url</c> names.</summary>
internal static class ReceiptPage
{
    public static void Map(WebApplication app, StripeStore store) => app.MapGet("/receipts/{id}", (string id, HttpContext http) => store.ReadAsync(async tx =>
    {
        var text = PageText.For(http, null);
        if (await tx.FindAsync(id) is not { } charge || charge.Str("receipt_url") is null)
            return Layout.Page(text["Receipt"], Html.Of($"""<h1>{text["Receipt"]}</h1><p>{text["No receipt of this number."]}</p>"""), text.Language, StatusCodes.Status404NotFound);
        var (currency, card) = (charge.Str("currency")!, charge.Obj("payment_method_details").Obj("card"));
        return Layout.Page(text["Receipt"], Html.Of($"""
            <h1>AURION · {text["Receipt"]}</h1>
            <p class="amount">{text.Money(charge.Long("amount"), currency)}</p>
            <dl class="lines">
            {Html.If(charge.Str("description") is not null, () => Html.Of($"""<div><dt>{text["For"]}</dt><dd>{charge.Str("description")}</dd></div>"""))}
            <div><dt>{text["Paid on"]}</dt><dd>{text.Day(charge.Long("created"))}</dd></div>
            <div><dt>{text["Payment method"]}</dt><dd>{card.Str("brand")} •••• {card.Str("last4")}</dd></div>
            {Html.If(charge.Long("amount_refunded") > 0, () => Html.Of($"""<div><dt>{text["Refunded"]}</dt><dd>{text.Money(-charge.Long("amount_refunded"), currency)}</dd></div>"""))}
            <div><dt><strong>{text["Amount paid"]}</strong></dt><dd><strong>{text.Money(charge.Long("amount") - charge.Long("amount_refunded"), currency)}</strong></dd></div>
            </dl>
            """), text.Language);
    }));
}
