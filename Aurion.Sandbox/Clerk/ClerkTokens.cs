namespace Aurion.Sandbox.Clerk;

/// <summary>Session tokens: a minute long, as Clerk's are, with the claims of the JWT template that the guide asks for.</summary>
internal sealed class ClerkTokens(ClerkKeys keys, TimeProvider clock, string web)
{
    private const int Lifetime = 60;

    /// <summary>The address that the tokens name as their issuer.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>Seconds by which Clerk's clock goes wrong, for tests.</summary>
    public int Skew { get; set; }

    public string Create(ClerkUser user, ClerkSession session)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds() + Skew;
        return keys.Sign(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["aud"] = "authenticated",
            ["azp"] = web,
            ["email"] = user.Email,
            ["exp"] = now + Lifetime,
            ["iat"] = now,
            ["iss"] = Issuer,
            ["nbf"] = now - 10,
            ["role"] = "authenticated",
            ["sid"] = session.Id,
            ["sub"] = user.Id,
        });
    }
}
