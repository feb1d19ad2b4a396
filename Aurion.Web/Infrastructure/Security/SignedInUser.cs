using System.Security.Claims;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>What a request knows of the person who signed in, read from the validated token.</summary>
public static class SignedInUser
{
    /// <summary>The user's id. Throws on a request nobody is signed in for: authorise first.</summary>
    public static Guid Id(this ClaimsPrincipal user) =>
        user.FindId() ?? throw new InvalidOperationException("Nobody is signed in; the endpoint lacks RequireAuthorization.");

    /// <summary>The user's id, or null when nobody is signed in.</summary>
    public static Guid? FindId(this ClaimsPrincipal user) =>
        Guid.TryParseExact(user.FindFirstValue("sub"), "D", out var id) ? id : null;

    public static string Email(this ClaimsPrincipal user) => user.FindFirstValue("email") ?? "";

    /// <summary>The account session that the token belongs to, or null for a token of another issuer.</summary>
    public static Guid? SessionId(this ClaimsPrincipal user) =>
        Guid.TryParseExact(user.FindFirstValue("sid"), "D", out var id) ? id : null;
}
