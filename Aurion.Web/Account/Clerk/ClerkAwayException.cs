using System.Net;

namespace Aurion.Web.Account.Clerk;

/// <summary>Clerk does not answer, or not in a way that can be read.</summary>
public sealed class ClerkAwayException(string message, Exception? cause = null, HttpStatusCode? answer = null) : UnavailableException(message, cause)
{
    /// <summary>Clerk has answered and refuses this one call; others may well be taken.</summary>
    public bool IsRefusal => answer is { } status and >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
        && status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    public override string ApiCode => "IDENTITY_PROVIDER_AWAY";

    public override string ApiError => "Sign-in is unavailable";

    public override string Sentence => "The service where you sign in does not answer at the moment. Please try again in a few minutes.";
}
