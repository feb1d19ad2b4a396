using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Aurion.Web.Pages.Shared;

/// <summary>A short word after a deed, shown on the next page: <c>TempData.Toast(T["Saved."])</c>.</summary>
public static class Toasts
{
    private const string TextKey = "toast";
    private const string ToneKey = "toast-tone";

    public static void Toast(this ITempDataDictionary tempData, string text, string tone = "ok")
    {
        tempData[TextKey] = text;
        tempData[ToneKey] = tone;
    }

    // Looking is enough for the framework to send a cookie that deletes the one that brought the word, were there any or not.
    public static (string Text, string Tone)? TakeToast(this ViewContext view) =>
        view.HttpContext.Request.Cookies.ContainsKey(CookieTempDataProvider.CookieName) && view.TempData[TextKey] is string text
            ? (text, view.TempData[ToneKey] as string ?? "ok")
            : null;
}
