using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Design;

/// <summary>The built stylesheets, and the classes that they style.</summary>
internal static partial class Stylesheets
{
    /// <summary>The classes of the page that signed-in.css alone styles, when the page does not load it.</summary>
    public static async Task<IEnumerable<string>> ListMissingStylesAsync(this TestClient reader, IHtmlDocument page)
    {
        var loaded = page.QuerySelectorAll("link[rel=stylesheet]").Select(link => link.GetAttribute("href")!).ToList();
        Assert.Contains(loaded, file => IsNamed(file, "app"));
        if (loaded.Any(file => IsNamed(file, "signed-in")))
            return [];

        var missing = await ClassesAsync("signed-in");
        missing.ExceptWith(await ClassesAsync("app"));
        Assert.Contains("convos", missing);
        return page.All.SelectMany(element => element.ClassList).Where(missing.Contains).Distinct();

        async Task<HashSet<string>> ClassesAsync(string name)
        {
            var style = await reader.Http.GetStringAsync(new Uri($"/css/{name}.css", UriKind.Relative));
            return [.. ClassName().Matches(style).Select(found => found.Groups[1].Value)];
        }
    }

    private static bool IsNamed(string file, string name) => Path.GetFileName(file).Split('.')[0] == name;

    [GeneratedRegex(@"\.([a-zA-Z][\w-]*)", RegexOptions.None, 1000)]
    private static partial Regex ClassName();
}
