using System.Security.Cryptography;
using System.Text.Json;
using Aurion.Web.Account.Sessions;
using Microsoft.AspNetCore.DataProtection;

namespace Aurion.Web.Account.Identities;

/// <summary>A sign-in that this browser began, and where it goes then. The state is in the return address, too.</summary>
public sealed record SignInAttempt(string State, string ReturnUrl, int Handshakes);

/// <summary>
/// Remembers in an encrypted cookie which sign-in this browser began, so that nobody can be signed in to somebody else's account by
/// following a link (login CSRF).
/// </summary>
public sealed class SignInAttempts(IDataProtectionProvider protection)
{
    private const string Cookie = "aurion-attempt";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(20);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("Aurion.Account.SignInAttempts").ToTimeLimitedDataProtector();

    public static SignInAttempt Begin(string? returnUrl) => new(RandomNumberGenerator.GetHexString(32, lowercase: true), LocalPath.OrDashboard(returnUrl), 0);

    public void Write(HttpContext context, SignInAttempt attempt) =>
        context.Response.Cookies.Append(context.CookieName(Cookie), protector.Protect(JsonSerializer.Serialize(attempt), Lifetime), SessionCookie.Options(Lifetime));

    /// <summary>The attempt of this browser when it has this state.</summary>
    public SignInAttempt? Find(HttpContext context, string? state)
    {
        if (string.IsNullOrEmpty(state) || context.Request.Cookies[context.CookieName(Cookie)] is not { } encrypted)
            return null;
        try
        {
            return JsonSerializer.Deserialize<SignInAttempt>(protector.Unprotect(encrypted)) is { } attempt && attempt.State == state ? attempt : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(context.CookieName(Cookie), SessionCookie.Options(null));
}
