using Aurion.Web.Infrastructure.Errors;

namespace Aurion.Web.Infrastructure.Storage;

/// <summary>The storage of files does not answer, or refuses: the cause says why.</summary>
public sealed class StorageAwayException(string message, Exception? cause = null) : UnavailableException(message, cause)
{
    public override string ApiCode => "STORAGE_UNAVAILABLE";

    public override string ApiError => "File storage is unavailable";

    public override string Sentence => "The file storage does not answer. Try again in a moment.";
}
