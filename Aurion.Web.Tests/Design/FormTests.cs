using System.Text.RegularExpressions;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Design;

/// <summary>Every form carries its own antiforgery token: a form that names its address gets none by itself.</summary>
public sealed partial class FormTests
{
    [Fact]
    public void A_form_that_names_its_address_carries_a_token()
    {
        var forms = Repository.Sources("Aurion.Web/Pages", ".cshtml")
            .SelectMany(page => Form().Matches(page.Text).Select(form => (page.Path, Form: form.Value)))
            .Where(form => form.Form.Contains("method=\"post\"", StringComparison.Ordinal) && form.Form.Split('>')[0].Contains(" action=", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(forms);
        Assert.All(forms, form => Assert.Matches("asp-antiforgery=\"true\"|@Html\\.AntiForgeryToken\\(\\)", form.Form));
    }

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
