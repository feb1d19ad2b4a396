using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Aurion.Web.Account;

/// <summary>Remembers in a sealed cookie that a browser signed in to an account; it opens nothing by itself.</summary>
public sealed class KnownBrowser(IDataProtectionProvider protection)
{
    private const string Cookie = "__Host-aurion-known";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    private readonly IDataProtector protector = protection.CreateProtector("Aurion.Account.KnownBrowser");

    /// <summary>The browser's own mark when it signed in to this account before.</summary>
    public string? FindMark(HttpRequest request, string email)
    {
        if (request.Cookies[Cookie] is not { } sealedText)
            return null;
        try
        {
            return protector.Unprotect(sealedText).Split('\n') is [var mark, var owner] && owner == email ? mark : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Remember(HttpResponse response, string email) =>
        response.Cookies.Append(Cookie, protector.Protect($"{RandomNumberGenerator.GetHexString(32)}\n{email}"),
            SessionCookie.Options(Lifetime));
}
