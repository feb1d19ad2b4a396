namespace Aurion.Web.Infrastructure.Errors;

/// <summary>Something that a request depends on is away: 503, in the words of whoever threw it. Code and error are for programs, the sentence is for people.</summary>
public abstract class UnavailableException(string message, Exception? cause = null) : Exception(message, cause)
{
    public abstract string ApiCode { get; }

    public abstract string ApiError { get; }

    public abstract string Sentence { get; }
}
