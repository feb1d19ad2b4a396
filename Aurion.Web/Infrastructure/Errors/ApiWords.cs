using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Infrastructure.Errors;

/// <summary>The API's English sentences in the caller's language: the account's own, else that of Accept-Language.</summary>
internal static class ApiWords
{
    public static string Say(HttpContext http, string english, params object[] values)
    {
        var (culture, words) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureOf(http);
            return http.RequestServices.GetRequiredService<IStringLocalizer<ApiText>>()[english, values];
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, words);
        }
    }

    // A request that fails early has only its header to go by.
    private static CultureInfo CultureOf(HttpContext http) =>
        http.Features.Get<IRequestCultureFeature>()?.RequestCulture.UICulture
        ?? http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => Localization.Cultures.FirstOrDefault(known => language.Value.StartsWith(known.Name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(known => known is not null)
        ?? Localization.Cultures[0];
}
