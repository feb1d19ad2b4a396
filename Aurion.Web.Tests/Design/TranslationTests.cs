using System.Text.RegularExpressions;

namespace Aurion.Web.Tests.Design;

public sealed class TranslationTests
{
    [Fact]
    public void Every_English_sentence_has_its_French()
    {
        var missing = Translations.Uses
            .Where(use => !Translations.French.TryGetValue(use.Text, out var french) || !french.ContainsKey(use.Key))
            .Select(use => $"{use.Text}.fr.resx lacks \"{use.Key}\" ({use.File})").Distinct().Order(StringComparer.Ordinal);

        Assert.True(Translations.Uses.Count > 200, $"Only {Translations.Uses.Count} sentences were found: has the way of asking for words changed?");
        Assert.True(!missing.Any(), string.Join('\n', missing));
    }

    [Fact]
    public void The_French_keeps_the_places_for_values()
    {
        var wrong = All().Where(entry => !Places(entry.English).SetEquals(Places(entry.French)))
            .Select(entry => $"{entry.Text}: \"{entry.English}\" → \"{entry.French}\"");

        Assert.True(!wrong.Any(), string.Join('\n', wrong));
    }

    [Fact]
    public void The_French_is_set_like_French()
    {
        // A double punctuation mark is held by a no-break space, an apostrophe is curved.
        var wrong = All().Where(entry => Regex.IsMatch(entry.French, @"[^\u00a0\u202f][;!?»]|[^\u00a0\u202f\d]:(?!//)|«[^\u00a0\u202f]|\w'\w", RegexOptions.None, TimeSpan.FromSeconds(5)))
            .Select(entry => $"{entry.Text}: \"{entry.French}\"");

        Assert.True(!wrong.Any(), string.Join('\n', wrong));
    }

    private static IEnumerable<(string Text, string English, string French)> All() =>
        Translations.French.SelectMany(text => text.Value.Select(entry => (text.Key, entry.Key, entry.Value)));

    private static HashSet<string> Places(string sentence) =>
        [.. Regex.Matches(sentence, @"\{\d", RegexOptions.None, TimeSpan.FromSeconds(5)).Select(place => place.Value)];
}
