using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Infrastructure;

/// <summary>
/// The framework makes a localizer for each view and looks a word up by a key that it builds anew; a page has a hundred
/// words. Here a word is looked up once for each language. Words come from views and tables, never from a request.
/// </summary>
internal sealed class LocalizerCache<T>(IStringLocalizerFactory factory) : IStringLocalizer<T>
{
    private readonly IStringLocalizer words = factory.Create(typeof(T));
    private readonly ConcurrentDictionary<(string Language, string Word), LocalizedString> known = new();

    public LocalizedString this[string name] =>
        known.GetOrAdd((CultureInfo.CurrentUICulture.Name, name), static (key, words) => words[key.Word], words);

    public LocalizedString this[string name, params object[] arguments]
    {
        get
        {
            var word = this[name];
            return new LocalizedString(name, string.Format(CultureInfo.CurrentCulture, word.Value, arguments), word.ResourceNotFound, word.SearchedLocation);
        }
    }

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => words.GetAllStrings(includeParentCultures);
}
