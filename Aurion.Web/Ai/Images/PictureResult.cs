using Aurion.Web.Credits;

namespace Aurion.Web.Ai.Images;

/// <summary>What became of a wish for pictures. Nothing was charged, and nothing was written down, unless it is <see cref="Started"/>.</summary>
public abstract record PictureResult
{
    /// <summary>They will be drawn, or are by now; up to <paramref name="Held"/> credits are held for them, 0 for a form that was sent before.</summary>
    public sealed record Started(Guid BatchId, int Held) : PictureResult;

    /// <summary>No such picture of this person.</summary>
    public sealed record NotFound : PictureResult;

    public sealed record Blank : PictureResult;

    public sealed record TooLong(int Characters) : PictureResult;

    /// <summary>A style, size, count or seed that there is not; the field's name as the API has it.</summary>
    public sealed record Invalid(string Field) : PictureResult;

    /// <summary>The engine is unknown or not set up, or switched off for the reason that is given.</summary>
    public sealed record EngineUnavailable(string? Engine = null, string? Reason = null) : PictureResult;

    public sealed record PlanLacksEngine(string Engine, string Plan) : PictureResult;

    /// <summary>The tool has no key, or is stopped for the reason that is given.</summary>
    public sealed record Off(string? Reason) : PictureResult;

    public sealed record CreditsExhausted(int Required, int Available) : PictureResult;

    public sealed record AccountFrozen(int Required, int Available) : PictureResult;

    /// <summary>The owner's own cap has too little left.</summary>
    public sealed record CapReached(ReachedCap Cap) : PictureResult;

    public sealed record LimitReached(bool IsDaily, int Limit, DateTimeOffset EndsAt) : PictureResult;

    public sealed record Busy : PictureResult;
}
