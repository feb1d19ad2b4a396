using System.Globalization;

namespace Aurion.Sandbox.Clerk;

/// <summary>Tokens of a minute: session tokens, and those of the JWT template that the guide asks for.</summary>
internal sealed class ClerkTokens(ClerkInstance instance, ClerkKeys keys, TimeProvider clock)
{
    private const int Lifetime = 60;
    private const int AllowedSkew = 10;

    /// <summary>
    /// A session token. Version 2 says its version and the session's status; neither version has an audience, an e-mail or a role.
    /// </summary>
    public string Create(ClerkSession session, string? origin)
    {
        var claims = Common(session.UserId, origin);
        claims["sid"] = session.Id;
        claims["fva"] = (int[])[(int)(clock.GetUtcNow() - session.CreatedAt).TotalMinutes, -1];
        if (instance.TokenVersion >= 2)
        {
            claims["sts"] = session.Status;
            claims["v"] = 2;
        }
        if (instance.CustomClaim > 0)
            claims["custom"] = new string('x', instance.CustomClaim);
        return keys.Sign(claims);
    }

    /// <summary>A token of the template "supabase". It names no session, so ending the session does not end it.</summary>
    public string CreateFromTemplate(ClerkUser user, string? origin)
    {
        var claims = Common(user.Id, origin);
        claims["aud"] = "authenticated";
        claims["email"] = user.PrimaryEmail?.Address;
        claims["role"] = "authenticated";
        return keys.Sign(claims, ClerkKeys.TemplateCategory);
    }

    /// <summary>The cookies that an application shall set, signed.</summary>
    public string Handshake(IReadOnlyList<string> directives) => keys.Sign(new Dictionary<string, object?>(StringComparer.Ordinal) { ["handshake"] = directives });

    /// <summary>When a session began, on the clock of the tokens.</summary>
    public string ClientUat(ClerkSession session) =>
        (session.CreatedAt.ToUnixTimeSeconds() + Math.Min(0, instance.Skew)).ToString(CultureInfo.InvariantCulture);

    private Dictionary<string, object?> Common(string subject, string? origin)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds() + instance.Skew;
        var claims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["exp"] = now + Lifetime,
            ["iat"] = now,
            ["iss"] = instance.Issuer,
            ["jti"] = ClerkStore.NewId(""),
            ["nbf"] = now - AllowedSkew,
            ["sub"] = subject,
        };
        // Left out where the browser told no origin.
        if (origin is not null)
            claims["azp"] = origin;
        return claims;
    }
}
