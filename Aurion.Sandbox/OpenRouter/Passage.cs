using System.Text.RegularExpressions;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>
/// What an editor asks for a passage: shorter, longer, corrected, translated. A few rules and small word lists, applied to the passage
/// that was sent, so that the result has to do with it; no model would be this poor, and none is claimed.
/// </summary>
internal static partial class Passage
{
    private static readonly (string Long, string Short)[] Wordy =
    [
        ("We would like to take this opportunity to inform all of our members that", "Dear members:"), ("is going to have to be increased", "rises"), ("Due to the fact that", "Because"),
        ("due to the fact that", "because"), ("In spite of the fact that", "Although"), ("in spite of the fact that", "although"), ("At this point in time", "Now"), ("at this point in time", "now"), ("for a period of", "for"), ("in order to", "to"),
        ("a large number of", "many"), ("watering was done by hand by twelve of you", "twelve of you watered by hand"), ("It is requested that the necessary arrangements be made in advance", "Please prepare in time"),
        ("are hereby informed that", "note that"), ("The management declines all responsibility for any inconvenience", "We are sorry for the trouble"),
        ("Nous souhaitons profiter de cette occasion afin de vous informer que", "Chers membres :"), ("devra être augmentée légèrement à partir du mois de", "augmente un peu en"), ("En raison du fait que", "Comme"), ("En dépit du fait que", "Bien que"), ("pendant une durée de", "pendant"), ("au cours de", "pendant"),
        ("l’arrosage a été effectué à la main par douze d’entre vous", "douze d’entre vous ont arrosé à la main"), ("À l’heure actuelle", "Aujourd’hui"), ("sont informés par la présente que", "apprennent que"),
        ("Il est demandé de prendre les dispositions nécessaires à l’avance", "Merci de vous organiser"), ("La direction décline toute responsabilité quant aux désagréments occasionnés", "Veuillez nous excuser"),
    ];

    private static readonly (string Wrong, string Right)[] Mistakes =
    [
        ("teh", "the"), ("recieved", "received"), ("wich", "which"), ("aswell", "as well"), ("untill", "until"), ("definately", "definitely"), ("dont", "doesn’t"), ("seperate", "separate"),
        ("a commencer", "a commencé"), ("reçus deux", "reçu deux"), ("il comprends pas", "il ne comprend pas"), ("goutières", "gouttières"), ("être changer", "être changées"), ("on peux", "on peut"), ("jusqu’a", "jusqu’à"),
    ];

    private static readonly (string English, string French)[] Dictionary =
    [
        ("the hot water", "l’eau chaude"), ("hot water", "eau chaude"), ("residents", "résidents"), ("notice", "avis"), ("between", "entre"), ("tuesday", "mardi"), ("april", "avril"), ("january", "janvier"), ("summer", "été"), ("winter", "hiver"),
        ("members", "membres"), ("harvest", "récolte"), ("families", "familles"), ("waiting list", "liste d’attente"), ("the", "le"), ("was", "était"), ("good", "bonne"), ("and", "et"), ("is", "est"), ("are", "sont"), ("of", "de"), ("to", "à"), ("in", "en"), ("for", "pour"), ("with", "avec"), ("our", "nos"), ("your", "votre"),
        ("will be interrupted", "sera interrompue"), ("on", "le"), ("from", "à partir de"), ("now", "aujourd’hui"), ("we", "nous"), ("you", "vous"), ("meeting", "réunion"), ("friday", "vendredi"), ("school", "école"), ("garden", "jardin"), ("water", "eau"), ("letter", "lettre"), ("a", "un"),
    ];

    /// <summary>The answer when the system message is an editor's, else null.</summary>
    public static string? Answer(string system, string passage)
    {
        if (!system.Contains("assistant of a text editor", StringComparison.Ordinal))
            return null;
        var french = French().Count(passage) > 1;
        bool Asks(string deed) => system.Contains(deed, StringComparison.OrdinalIgnoreCase);
        return Asks("Shorten the passage") ? Shorten(passage)
            : Asks("Expand the passage") ? Expand(passage, french)
            : Asks("Fix spelling") ? Correct(passage)
            : Asks("Translate the passage into French") ? Translate(passage, (from, _) => from, (_, to) => to)
            : Asks("Translate the passage into English") ? Translate(passage, (_, to) => to, (from, _) => from)
            : Language().Match(system) is { Success: true } language ? $"[{language.Groups["name"].Value}] {passage}"
            : Tone().Match(system) is { Success: true } tone ? Voice(Shorten(passage), tone.Groups["tone"].Value, french)
            : Asks("Continue the text") ? Continue(passage, french)
            : Correct(Shorten(passage));
    }

    private static string Shorten(string text)
    {
        foreach (var (wordy, brief) in Wordy)
            text = text.Replace(wordy, brief, StringComparison.Ordinal);
        return Sentence().Replace(text, match => char.ToUpperInvariant(match.Value[0]) + match.Value[1..]);
    }

    private static string Expand(string text, bool french)
    {
        var subject = Words(text).OrderByDescending(word => word.Length).FirstOrDefault() ?? "";
        return text.TrimEnd() + (french
            ? $" Cela mérite quelques mots de plus : ce qui précède concerne surtout « {subject} », et chacun y trouvera la suite utile, étape par étape."
            : $" This deserves a few more words: what stands above is mostly about “{subject}”, and everybody will find the next useful step in it, one at a time.");
    }

    private static string Correct(string text)
    {
        foreach (var (wrong, right) in Mistakes)
            text = Regex.Replace(text, $@"(?<!\p{{L}}){Regex.Escape(wrong)}(?!\p{{L}})", match => char.IsUpper(match.Value[0]) ? char.ToUpperInvariant(right[0]) + right[1..] : right, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
        text = Gap().Replace(text, " ");
        text = LooseStop().Replace(text, "$1");
        text = Name().Replace(text, match => char.ToUpperInvariant(match.Value[0]) + match.Value[1..]);
        return Start().Replace(text, match => match.Groups["before"].Value + match.Groups["letter"].Value.ToUpperInvariant());
    }

    private static string Translate(string text, Func<string, string, string> from, Func<string, string, string> to)
    {
        foreach (var (english, french) in Dictionary)
        {
            var (source, target) = (from(english, french), to(english, french));
            text = Regex.Replace(text, $@"(?<!\p{{L}}){Regex.Escape(source)}(?!\p{{L}})", match => char.IsUpper(match.Value[0]) ? char.ToUpperInvariant(target[0]) + target[1..] : target, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
        }
        return text;
    }

    private static string Voice(string text, string tone, bool french) => (tone, french) switch
    {
        ("friendly", false) => "Hello everybody! " + text + " Thank you, and see you soon.",
        ("friendly", true) => "Bonjour à toutes et à tous ! " + text + " Merci, et à bientôt.",
        ("formal", false) => "Ladies and gentlemen, " + text,
        ("formal", true) => "Mesdames, Messieurs, " + text,
        ("persuasive", false) => text + " It takes a minute, and it makes the difference.",
        ("persuasive", true) => text + " Une minute suffit, et cela change tout.",
        _ => text,
    };

    private static string Continue(string text, bool french)
    {
        var words = Words(text).Where(word => word.Length > 5).Distinct(StringComparer.OrdinalIgnoreCase).TakeLast(2).ToList();
        var about = words.Count == 0 ? "" : string.Join(french ? " et " : " and ", words);
        return french
            ? $"La suite se joue sur {about} : nous dirons d’abord ce qui est acquis, puis ce qui reste à décider.\n\nQui souhaite aider peut le dire dès maintenant ; la première réunion fixera les dates."
            : $"What comes next depends on {about}: first what is settled, then what is still to be decided.\n\nWhoever wants to help can say so now; the first meeting sets the dates.";
    }

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"\b(le|la|les|des|une|est|nous|vous|pour|dans|avec|du)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex French();

    [GeneratedRegex(@"Translate the passage into (?<name>\p{L}+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Language();

    [GeneratedRegex(@"in a (?<tone>\p{L}+) tone", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tone();

    [GeneratedRegex(@"(?<=^|[.!?]\s)\p{Ll}\p{L}*", RegexOptions.None, 1000)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"(?<before>(^|[.!?]\s+|\n))(?<letter>\p{Ll})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Start();

    [GeneratedRegex(@"(?<=Present: .*|Présents : .*)\b\p{Ll}\p{L}{3,}(?=[ .]|$)", RegexOptions.None, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"(?<=\S) {2,}", RegexOptions.None, 1000)]
    private static partial Regex Gap();

    [GeneratedRegex(@" +([.,])", RegexOptions.None, 1000)]
    private static partial Regex LooseStop();

    [GeneratedRegex(@"\p{L}[\p{L}’-]+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
