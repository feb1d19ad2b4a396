using System.Security.Cryptography;
using Aurion.Web.Infrastructure.Security;
using Microsoft.AspNetCore.DataProtection;

namespace Aurion.Web.Account.Sessions;

/// <summary>An encrypted cookie that says that this browser signed in to an account before; it grants no access.</summary>
public sealed class KnownBrowser(IDataProtectionProvider protection)
{
    private const string Cookie = "aurion-known";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    private readonly IDataProtector protector = protection.CreateProtector("Aurion.Account.KnownBrowser");

    /// <summary>This browser's id when it signed in to the account before.</summary>
    public string? FindId(HttpRequest request, string email)
    {
        if (request.Cookies[request.HttpContext.CookieName(Cookie)] is not { } encrypted)
            return null;
        try
        {
            return protector.Unprotect(encrypted).Split('\n') is [var id, var owner] && owner == email ? id : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Remember(HttpResponse response, string email) =>
        response.Cookies.Append(response.HttpContext.CookieName(Cookie), protector.Protect($"{RandomNumberGenerator.GetHexString(32)}\n{email}"),
            SessionCookie.Options(Lifetime));
}
