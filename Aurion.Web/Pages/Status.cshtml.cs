using System.Globalization;
using Aurion.Web.Infrastructure;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages;

/// <summary>One page for every refusal: what happened, that nothing was charged, and the way on.</summary>
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class StatusModel(IStringLocalizer<SharedText> words) : PageModel
{
    public int Code { get; private set; }

    public string Heading { get; private set; } = "";

    public string Explanation { get; private set; } = "";

    /// <summary>Quoted to us, it finds the request in the log.</summary>
    public string? RequestId => Code >= 500 ? HttpContext.TraceIdentifier : null;

    /// <summary>Seconds, when the answer says how long to wait.</summary>
    public int? RetryAfter =>
        int.TryParse(Response.Headers.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    public void OnGet(int code)
    {
        Code = code is >= 400 and <= 599 ? code : StatusCodes.Status404NotFound;
        (Heading, Explanation) = Words(Code);
        Response.StatusCode = Code;
    }

    private (string Heading, string Explanation) Words(int code) => code switch
    {
        400 => (words["We could not read that request"], words["The form may have been open for too long. Go back, reload the page and try again."]),
        401 => (words["Please sign in first"], words["This page belongs to an account."]),
        403 => (words["This page is not for this account"], words["You are signed in, but this account may not see it."]),
        404 => (words["There is nothing at this address"], words["The page has moved, or the link has a typing error."]),
        413 => (words["That was too much at once"], words["What you sent is larger than this page accepts."]),
        429 => (words["A little slower, please"], words["Many requests came from here in a short time. Nothing is lost."]),
        503 => (words["Back in a moment"], words["We are doing maintenance, or a part of the service is restarting."]),
        >= 500 => (words["Something went wrong on our side"], words["It has been noted. If you write to us, quote the number below."]),
        _ => (words["That did not work"], words["Go back, reload the page and try again."]),
    };
}
