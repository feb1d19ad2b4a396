using System.Security.Claims;

namespace Aurion.Web.Account.Sessions;

/// <summary>What is kept of a validated token: a tenth of the memory of the framework's principal, which keeps the whole token.</summary>
public sealed record TokenHolder(Guid UserId, Guid SessionId, string? Email, string? Role, string? Language, string? Expires)
{
    public static TokenHolder Of(ClaimsPrincipal user, Guid userId, Guid sessionId)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new(userId, sessionId, Find("email"), Known(Find("role")), Known(Find("lang")), Find("exp"));

        string? Find(string claim) => user.FindFirst(claim)?.Value;
        // The same few words in every token are kept once.
        static string? Known(string? word) => word is null ? null : string.Intern(word);
    }

    public ClaimsPrincipal ToPrincipal()
    {
        var identity = new ClaimsIdentity("Bearer", "email", "role");
        identity.AddClaim(new("sub", UserId.ToString()));
        identity.AddClaim(new("sid", SessionId.ToString()));
        Add("email", Email);
        Add("role", Role);
        Add("lang", Language);
        Add("exp", Expires);
        return new ClaimsPrincipal(identity);

        void Add(string type, string? value)
        {
            if (value is not null)
                identity.AddClaim(new(type, value));
        }
    }
}
