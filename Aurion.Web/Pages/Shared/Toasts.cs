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

    public static (string Text, string Tone)? TakeToast(this ITempDataDictionary tempData) =>
        tempData[TextKey] is string text ? (text, tempData[ToneKey] as string ?? "ok") : null;
}
