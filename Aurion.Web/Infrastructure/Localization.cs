using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.WebEncoders;

namespace Aurion.Web.Infrastructure;

/// <summary>English and French: what the address names, then the person's own choice, then the browser's, else English.</summary>
public static class Localization
{
    public const string CookieName = "lang";

    /// <summary>Names the language in an address: that of a search result, or of a tool in its frame.</summary>
    public const string QueryName = "lang";

    /// <summary>The cultures of the product, by the code that the cookie and the account hold.</summary>
    public static readonly IReadOnlyList<CultureInfo> Cultures = [new CultureInfo("en", useUserOverride: false), French()];

    public static void AddLocalizedPages(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddLocalization();
        builder.Services.AddSingleton(typeof(IStringLocalizer<>), typeof(LocalizerCache<>));
        builder.Services.Configure<RequestLocalizationOptions>(options =>
        {
            options.DefaultRequestCulture = new RequestCulture(Cultures[0]);
            options.SupportedCultures = [.. Cultures];
            options.SupportedUICultures = [.. Cultures];
            options.ApplyCurrentCultureToResponseHeaders = true;
            options.RequestCultureProviders =
            [
                new QueryStringRequestCultureProvider { QueryStringKey = QueryName, UIQueryStringKey = QueryName },
                new CustomRequestCultureProvider(ChosenAsync),
                new AcceptLanguageHeaderRequestCultureProvider(),
            ];
        });

        // Accents as they are: shorter pages than entities, and as safe in UTF-8.
        builder.Services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        builder.Services.AddRazorPages()
            .AddViewLocalization()
            .AddDataAnnotationsLocalization(options => options.DataAnnotationLocalizerProvider = ValidationWords.Localizer)
            .AddMvcOptions(options => options.ModelMetadataDetailsProviders.Add(new ValidationWords()))
            .AddViewOptions(options => options.HtmlHelperOptions.ClientValidationEnabled = false);
    }

    public static bool IsSupported(string? language) => Cultures.Any(culture => culture.Name == language);

    private static Task<ProviderCultureResult?> ChosenAsync(HttpContext context)
    {
        var chosen = context.Request.Cookies[CookieName] is { } cookie && IsSupported(cookie)
            ? cookie
            : context.User.FindFirst("lang")?.Value;
        return Task.FromResult(IsSupported(chosen) ? new ProviderCultureResult(chosen) : null);
    }

    // The separators are set here, because not every ICU release has the narrow no-break space.
    private static CultureInfo French()
    {
        var french = new CultureInfo("fr", useUserOverride: false);
        french.NumberFormat.NumberGroupSeparator = "\u202f";
        french.NumberFormat.CurrencyGroupSeparator = "\u202f";
        french.NumberFormat.PercentGroupSeparator = "\u202f";
        return french;
    }
}
