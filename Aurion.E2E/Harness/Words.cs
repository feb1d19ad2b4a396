namespace Aurion.E2E.Harness;

/// <summary>The French that a person reads where an English one reads the key. Written down here a second time on purpose.</summary>
internal static class Words
{
    private static readonly Dictionary<string, string> InFrench = new(StringComparer.Ordinal)
    {
        ["Sign in"] = "Se connecter",
        ["There is already an account with this e-mail."] = "Un compte existe déjà avec cet e-mail.",
        ["This password is too common."] = "Ce mot de passe est trop courant.",
        ["Launch again"] = "Relancer",
        ["Later"] = "Plus tard",
        ["Coming soon"] = "Bientôt",
        ["Upgrade to Starter"] = "Passer à Starter",
        ["Choose Starter"] = "Choisir Starter",
        ["Choose Plus"] = "Choisir Plus",
        ["Card number"] = "Numéro de carte",
        ["Expiration"] = "Date d’expiration",
        ["Name on card"] = "Nom sur la carte",
        ["Subscribe"] = "S’abonner",
        ["Buy a credit pack"] = "Acheter un pack de crédits",
        ["Buy 300 credits for $4"] = "Acheter 300 crédits pour 4\u00a0$",
        ["300 credits more"] = "300 crédits de plus",
        ["Save a card"] = "Enregistrer une carte",
        ["Save card"] = "Enregistrer la carte",
        ["Save"] = "Enregistrer",
        ["Switch on"] = "Activer",
        ["Switch off"] = "Désactiver",
        ["Your card was declined."] = "Votre carte a été refusée.",
        ["Welcome to"] = "Bienvenue chez",
        ["Change to Plus"] = "Passer à Plus",
        ["Change to Starter"] = "Passer à Starter",
        ["Cancel my contract"] = "Résilier mon contrat",
        ["Your contract is cancelled"] = "Votre contrat est résilié",
        ["Keep my plan"] = "Garder mon plan",
        ["Keep my plan after all"] = "Garder finalement mon plan",
        ["Your credits then"] = "Vos crédits ensuite",
        ["Change on"] = "Changer le",
        ["Advance time"] = "Avancer le temps",
        ["Pay"] = "Payer",
        ["Back to the tool"] = "Revenir à l’outil",
        ["Launch a tool"] = "Lancer un outil",
        ["Start for free"] = "Commencer gratuitement",
        ["Password"] = "Mot de passe",
        ["Create my account"] = "Créer mon compte",
        ["Forgotten your password?"] = "Mot de passe oublié\u202F?",
        ["Send the link"] = "Envoyer le lien",
        ["Check your inbox"] = "Consultez votre boîte de réception",
        ["Choose a new password"] = "Choisir un nouveau mot de passe",
        ["New password"] = "Nouveau mot de passe",
        ["Save the new password"] = "Enregistrer le nouveau mot de passe",
        ["Your password has been changed. Sign in with the new one."] = "Votre mot de passe a été modifié. Connectez-vous avec le nouveau.",
        ["This link has expired"] = "Ce lien a expiré",
        ["Your password was changed"] = "Votre mot de passe a été modifié",
    };

    // The guide's own words, names of tools and the like stay as they are.
    public static string French(string english) => InFrench.GetValueOrDefault(english, english);
}
