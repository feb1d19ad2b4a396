using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

/// <summary>How Aurion speaks to a person, and how much they let their account spend, and what they want to be told.</summary>
[Authorize]
public sealed class PreferencesModel(PreferenceStore store, TimeProvider clock, IStringLocalizer<AccountText> words) : PageModel
{
    private const int LargestCap = 1_000_000;

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public SpendingRoom Room { get; private set; } = null!;

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public IReadOnlyList<SelectListItem> Languages => [new(words["Same as the browser"], ""), new("English", "en"), new("Français", "fr")];

    public IReadOnlyList<SelectListItem> Themes => [new(words["Same as the device"], ""), new(words["Light"], "light"), new(words["Dark"], "dark")];

    /// <summary>By continent; the zone that was chosen stays on the list, whatever it is called today.</summary>
    public IEnumerable<SelectListItem> Zones
    {
        get
        {
            var groups = Zone.Offered.Select(id => id.Split('/')[0]).Distinct().ToDictionary(name => name, name => new SelectListGroup { Name = name }, StringComparer.Ordinal);
            var names = Zone.Offered.Contains(Input.TimeZone) || Zone.Find(Input.TimeZone) is null ? Zone.Offered : Zone.Offered.Prepend(Input.TimeZone!);
            return names.Select(id => new SelectListItem(id.Replace('_', ' '), id) { Group = id.Contains('/', StringComparison.Ordinal) ? groups.GetValueOrDefault(id.Split('/')[0]) : null });
        }
    }

    public async Task OnGetAsync(CancellationToken ct)
    {
        (var saved, Room, var notices) = await store.GetAsync(User.Id(), ct);
        Input = new()
        {
            FullName = saved.FullName,
            Language = saved.Locale,
            Theme = saved.Theme,
            TimeZone = saved.TimeZone ?? Zone.Name,
            DailyCap = saved.DailyCap?.ToString(CultureInfo.InvariantCulture),
            MonthlyCap = saved.MonthlyCap?.ToString(CultureInfo.InvariantCulture),
            AtFifth = notices.AtFifth,
            AtZero = notices.AtZero,
            AtFigure = notices.AtFigure?.ToString(CultureInfo.InvariantCulture),
            Days30 = notices.ExpiryDays.Contains(30),
            Days7 = notices.ExpiryDays.Contains(7),
            Days1 = notices.ExpiryDays.Contains(1),
            ByMail = notices.ByMail,
            ByBanner = notices.ByBanner,
            Weekly = notices.Weekly,
        };
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var (daily, monthly, figure) = (Figure(Input.DailyCap, "Input.DailyCap"), Figure(Input.MonthlyCap, "Input.MonthlyCap"), Figure(Input.AtFigure, "Input.AtFigure"));
        if (Zone.Find(Input.TimeZone) is null)
            ModelState.AddModelError("Input.TimeZone", words["Choose one of the zones."]);
        var wanted = new AccountPreferences(PersonName.Clean(Input.FullName), Input.Language, Input.Theme, Input.TimeZone, daily, monthly);
        int[] days = [.. new[] { (30, Input.Days30), (7, Input.Days7), (1, Input.Days1) }.Where(day => day.Item2).Select(day => day.Item1)];
        // Fewer than none are never left.
        var notices = new NoticeSettings
        {
            AtFifth = Input.AtFifth,
            AtZero = Input.AtZero,
            AtFigure = figure is 0 ? null : figure,
            ExpiryDays = days,
            ByMail = Input.ByMail,
            ByBanner = Input.ByBanner,
            Weekly = Input.Weekly,
        };
        if (ModelState.IsValid && !await store.SaveAsync(User.Id(), wanted, notices, ct))
            ModelState.AddModelError("Input.TimeZone", words["Choose one of the zones."]);
        if (!ModelState.IsValid)
        {
            (_, Room, _) = await store.GetAsync(User.Id(), ct);
            return this.Refused();
        }

        Response.Cookies.Delete(Localization.CookieName);
        Response.Cookies.Delete(Theme.CookieName);
        AccountSessions.WritePreferences(Response, Input.Language, Input.Theme, Input.TimeZone);
        // The next page already speaks the new language.
        if (Input.Language is { } language)
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        TempData.Toast(words["Saved."]);
        return LocalRedirect("/account/preferences");
    }

    /// <summary>An empty field is no limit, a limit of 0 stops all spending.</summary>
    private int? Figure(string? typed, string field)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (TypedFigures.Whole(typed) is { } credits and <= LargestCap)
            return credits;
        ModelState.AddModelError(field, words["A number of credits up to {0}, or nothing for no limit.", LargestCap.Grouped()]);
        return null;
    }

    public sealed class InputModel
    {
        [StringLength(PersonName.MaxLength, ErrorMessage = "Use at most {1} characters.")]
        public string? FullName { get; set; }

        [AllowedValues(null, "en", "fr")]
        public string? Language { get; set; }

        [AllowedValues(null, "light", "dark")]
        public string? Theme { get; set; }

        public string? TimeZone { get; set; }

        public string? DailyCap { get; set; }

        public string? MonthlyCap { get; set; }

        public bool AtFifth { get; set; }

        public bool AtZero { get; set; }

        public string? AtFigure { get; set; }

        public bool Days30 { get; set; }

        public bool Days7 { get; set; }

        public bool Days1 { get; set; }

        public bool ByMail { get; set; }

        public bool ByBanner { get; set; }

        public bool Weekly { get; set; }
    }
}
