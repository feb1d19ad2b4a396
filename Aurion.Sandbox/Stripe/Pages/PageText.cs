using System.Globalization;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>The words of the pages that customers see, in English or French, and amounts as each language writes them.</summary>
public sealed class PageText(string language)
{
    public static readonly PageText English = new("en");

    public string Language => language;

    /// <summary>The language that the merchant asked for, else the browser's.</summary>
    public static PageText For(HttpContext http, string? locale)
    {
        var wanted = locale is null or "auto" ? http.Request.Headers.AcceptLanguage.ToString() : locale;
        return new PageText(wanted.StartsWith("fr", StringComparison.OrdinalIgnoreCase) ? "fr" : "en");
    }

    public string this[string english] => language == "fr" ? French.GetValueOrDefault(english, english) : english;

    public string Money(long cents, string currency)
    {
        var amount = cents / 100m;
        var sign = currency switch { "usd" => "$", "eur" => "€", _ => currency.ToUpperInvariant() };
        if (language != "fr")
            return (amount < 0 ? "-" : "") + sign + Math.Abs(amount).ToString("#,##0.00", CultureInfo.InvariantCulture);
        var french = (NumberFormatInfo)CultureInfo.InvariantCulture.NumberFormat.Clone();
        (french.NumberGroupSeparator, french.NumberDecimalSeparator) = ("\u202F", ",");
        return amount.ToString("#,##0.00", french) + "\u00A0" + sign;
    }

    public string Day(long time) => DateTimeOffset.FromUnixTimeSeconds(time).ToString("d MMMM yyyy", CultureInfo.GetCultureInfo(language == "fr" ? "fr-FR" : "en-US"));

    public string Each(JsonObject price) => (price.Obj("recurring").Str("interval"), language) switch
    {
        ("month", "fr") => " par mois",
        ("year", "fr") => " par an",
        ("month", _) => " per month",
        ("year", _) => " per year",
        (null, _) => "",
        var (interval, _) => $" / {interval}",
    };

    private static readonly Dictionary<string, string> French = new(StringComparer.Ordinal)
    {
        ["Subscribe"] = "S’abonner",
        ["Pay"] = "Payer",
        ["Cancel"] = "Annuler",
        ["E-mail"] = "Adresse e-mail",
        ["Card number"] = "Numéro de carte",
        ["Expiration"] = "Date d’expiration",
        ["MM / YY"] = "MM / AA",
        ["Name on card"] = "Nom sur la carte",
        ["Total due today"] = "Total dû aujourd’hui",
        ["Discount"] = "Remise",
        ["Promotion code"] = "Code promotionnel",
        ["Apply"] = "Appliquer",
        ["This code is invalid."] = "Ce code n’est pas valable.",
        ["Code applied."] = "Code appliqué.",
        ["Sandbox"] = "Bac à sable",
        ["Sandbox: no real card, no real payment"] = "Bac à sable : aucune vraie carte, aucun vrai paiement",
        ["Controls"] = "Commandes",
        ["Test cards"] = "Cartes de test",
        ["succeeds"] = "paiement accepté",
        ["is declined"] = "refusée",
        ["succeeds, then fails at renewal"] = "acceptée, puis refusée au renouvellement",
        ["asks for 3-D Secure once"] = "demande 3-D Secure une fois",
        ["always asks for 3-D Secure"] = "demande toujours 3-D Secure",
        ["succeeds, then is disputed"] = "acceptée, puis contestée",
        ["Subscription"] = "Abonnement",
        ["Payment"] = "Paiement",
        ["Save a card"] = "Enregistrer une carte",
        ["Nothing is charged now. AURION may charge this card later, within what you allow."] = "Rien n’est débité maintenant. AURION pourra débiter cette carte plus tard, dans la limite de ce que vous autorisez.",
        ["Receipt"] = "Reçu",
        ["Amount paid"] = "Montant payé",
        ["Refunded"] = "Remboursé",
        ["For"] = "Pour",
        ["No receipt of this number."] = "Aucun reçu ne porte ce numéro.",
        ["Please check the marked fields."] = "Vérifiez les champs signalés.",
        ["Enter your e-mail address."] = "Saisissez votre adresse e-mail.",
        ["Enter the card number."] = "Saisissez le numéro de carte.",
        ["Your card number is invalid."] = "Votre numéro de carte n’est pas valable.",
        ["This sandbox takes test cards only, for example 4242 4242 4242 4242."] = "Ce bac à sable n’accepte que les cartes de test, par exemple 4242 4242 4242 4242.",
        ["Enter the expiration date as month and year, for example 12 / 34."] = "Saisissez la date d’expiration : mois et année, par exemple 12 / 34.",
        ["Your card's expiration date is in the past."] = "La date d’expiration de votre carte est passée.",
        ["Enter the 3 or 4 digits of the security code."] = "Saisissez les 3 ou 4 chiffres du code de sécurité.",
        ["Enter the name on the card."] = "Saisissez le nom inscrit sur la carte.",
        ["Your card was declined."] = "Votre carte a été refusée.",
        ["Your card has insufficient funds."] = "Votre carte ne dispose pas de fonds suffisants.",
        ["Your card has expired."] = "Votre carte a expiré.",
        ["Your card's security code is incorrect."] = "Le code de sécurité de votre carte est incorrect.",
        ["An error occurred while processing your card. Try again in a little bit."] = "Une erreur est survenue lors du traitement de votre carte. Réessayez dans un instant.",
        ["We are unable to authenticate your payment method. Please choose a different payment method and try again."] = "Nous ne pouvons pas authentifier votre moyen de paiement. Choisissez-en un autre et réessayez.",
        ["This page has expired"] = "Cette page a expiré",
        ["The payment was completed, or its time has passed. Nothing more can be paid here."] = "Le paiement est terminé, ou son délai est passé. Il n’y a plus rien à payer ici.",
        ["Back to the site"] = "Retour au site",
        ["3-D Secure authentication"] = "Authentification 3-D Secure",
        ["Your bank asks you to confirm this payment."] = "Votre banque vous demande de confirmer ce paiement.",
        ["Your bank asks you to confirm this card."] = "Votre banque vous demande de confirmer cette carte.",
        ["Complete authentication"] = "Réussir l’authentification",
        ["Fail authentication"] = "Échouer à l’authentification",
        ["Invoice"] = "Facture",
        ["Invoice paid"] = "Facture payée",
        ["Download PDF"] = "Télécharger le PDF",
        ["Amount due"] = "Montant dû",
        ["Paid on"] = "Payée le",
        ["This invoice can no longer be paid."] = "Cette facture ne peut plus être payée.",
        ["Your subscription"] = "Votre abonnement",
        ["No subscription."] = "Aucun abonnement.",
        ["Cancel subscription"] = "Résilier l’abonnement",
        ["Don't cancel subscription"] = "Ne pas résilier l’abonnement",
        ["Renews on"] = "Se renouvelle le",
        ["Ends on"] = "Se termine le",
        ["Payment method"] = "Moyen de paiement",
        ["No payment method."] = "Aucun moyen de paiement.",
        ["Default"] = "Par défaut",
        ["Add payment method"] = "Ajouter un moyen de paiement",
        ["Save card"] = "Enregistrer la carte",
        ["Invoice history"] = "Historique des factures",
        ["No invoice yet."] = "Aucune facture pour l’instant.",
        ["Change plan"] = "Changer de formule",
        ["Confirm change"] = "Confirmer le changement",
        ["Your change is confirmed."] = "Votre changement est confirmé.",
        ["The payment for this change did not succeed; your plan stays as it was."] = "Le paiement de ce changement a échoué ; votre formule reste inchangée.",
        ["expires"] = "expire",
        ["Paid"] = "Payée",
        ["Open"] = "À payer",
        ["Void"] = "Annulée",
        ["Draft"] = "Brouillon",
        ["Uncollectible"] = "Irrécouvrable",
        ["Billing portal"] = "Portail de facturation",
    };
}
