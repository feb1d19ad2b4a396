namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>The bank's 3-D Secure page: complete or fail.</summary>
internal static class AuthenticationPage
{
    public static IResult Show(PageText text, long? amount, string? currency, string action) => Layout.Page(text["3-D Secure authentication"], Html.Of($"""
        <h1>{text["3-D Secure authentication"]}</h1>
        <p>{text[amount is null ? "Your bank asks you to confirm this card." : "Your bank asks you to confirm this payment."]}</p>
        {Html.If(amount is not null, () => Html.Of($"""<p class="amount">{text.Money(amount!.Value, currency!)}</p>"""))}
        <form method="post" action="{action}" class="row">
        <button name="outcome" value="complete">{text["Complete authentication"]}</button>
        <button name="outcome" value="fail" class="plain">{text["Fail authentication"]}</button>
        </form>
        """), text.Language);

    public static Html TestCardList(PageText text)
    {
        var french = text.Language == "fr";
        return Html.Of($"""
            <details><summary>{text["Test cards"]}</summary>
            <ul>
            <li><code>4242 4242 4242 4242</code> {(french ? "paiement accepté" : "succeeds")}</li>
            <li><code>4000 0000 0000 0002</code> {(french ? "refusée" : "is declined")}</li>
            <li><code>4000 0000 0000 0341</code> {(french ? "acceptée, puis refusée au renouvellement" : "succeeds, then fails at renewal")}</li>
            <li><code>4000 0025 0000 3155</code> {(french ? "demande 3-D Secure une fois" : "asks for 3-D Secure once")}</li>
            <li><code>4000 0027 6000 3184</code> {(french ? "demande toujours 3-D Secure" : "always asks for 3-D Secure")}</li>
            <li><code>4000 0000 0000 0259</code> {(french ? "acceptée, puis contestée" : "succeeds, then is disputed")}</li>
            </ul></details>
            """);
    }
}
