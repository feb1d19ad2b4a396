namespace Aurion.Data.Infrastructure;

/// <summary>A mail that one worker has claimed: what it tells, to whom and in which language (null when none was ever chosen).</summary>
public sealed record ClaimedMail(Guid UserId, string SourceRef, string Kind, string Facts, int Attempts, string Email, string? Locale);
