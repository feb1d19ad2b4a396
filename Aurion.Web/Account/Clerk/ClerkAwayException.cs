namespace Aurion.Web.Account.Clerk;

/// <summary>Clerk does not answer, or not in a way that can be read.</summary>
public sealed class ClerkAwayException(string message, Exception? cause = null) : UnavailableException(message, cause)
{
    public override string ApiCode => "IDENTITY_PROVIDER_AWAY";

    public override string ApiError => "Sign-in is unavailable";

    public override string Sentence => "The service where you sign in does not answer at the moment. Please try again in a few minutes.";
}
