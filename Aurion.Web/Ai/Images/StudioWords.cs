using Aurion.Data.Ai;
using Aurion.Web.Credits;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Ai.Images;

/// <summary>What is said where a picture was not delivered, and where a wish was refused.</summary>
public sealed class StudioWords(IStringLocalizer<StudioText> text, CapWords caps)
{
    /// <summary>Why there is no picture, for a tile and for its receipt.</summary>
    public string OfRun(string reason) => reason switch
    {
        "refused" => text["The engine’s filter refused it."],
        "not_drawn" => text["The engine could not draw it."],
        "timed_out" => text["The engine did not finish in time."],
        "busy" => text["The engine has too many requests at this moment."],
        "blank" => text["The engine sent no picture."],
        "lost" => text["The picture could not be fetched from the engine."],
        "unreadable" => text["What the engine sent is no picture."],
        "too_large" or "too_long" => text["The picture was larger than we can keep."],
        "key_refused" or "account_dry" or "rejected" => text["The engine does not serve us at this moment. The Aurion team has been told."],
        "stopped" => text["You stopped it."],
        "account_closed" => text["The account was closed."],
        _ => text["The engine did not answer."],
    };

    public string StyleOf(PictureBatch batch) => text[PictureStyle.Find(batch.Style)?.Name ?? batch.Style];

    public string SizeOf(PictureBatch batch) => text[PictureSize.Find(batch.Size)?.Name ?? batch.Size];

    /// <summary>What a person reads instead of pictures.</summary>
    public string Refusal(PictureResult result) => result switch
    {
        PictureResult.Blank => text["Describe the picture first."],
        PictureResult.TooLong tooLong => text["This prompt is too long: {0} characters are possible.", tooLong.Characters.Grouped()],
        PictureResult.Invalid { Field: "seed" } => text["A seed is a whole number from {0} to {1}.", Studio.LeastSeed, ((int)Studio.MostSeed).Grouped()],
        PictureResult.Invalid => text["There is no such choice. Choose again."],
        PictureResult.EngineUnavailable { Reason: { Length: > 0 } reason } off => text["{0} is switched off at this moment: {1}", off.Engine!, reason],
        PictureResult.EngineUnavailable => text["This engine is not available. Choose another one."],
        PictureResult.PlanLacksEngine lacks => text["{0} is available from the {1} plan.", lacks.Engine, lacks.Plan],
        PictureResult.Off { Reason: { Length: > 0 } reason } => text["The image studio is switched off at this moment: {0}", reason],
        PictureResult.Off => text["The image studio is switched off at this moment."],
        PictureResult.CreditsExhausted exhausted => text["These pictures cost {0} credits and you have {1}.", exhausted.Required.Grouped(), exhausted.Available.Grouped()],
        PictureResult.AccountFrozen => text["Your plan’s credits wait until its invoice is paid or its dispute is settled."],
        PictureResult.CapReached reached => caps.Refusal(reached.Cap),
        PictureResult.LimitReached { IsDaily: true } limit => text["Your plan has {0} pictures a day. The next ones are free again on {1}.", limit.Limit.Grouped(), limit.EndsAt.Moment()],
        PictureResult.LimitReached limit => text["Your plan has {0} pictures a month. The next ones are free again on {1}.", limit.Limit.Grouped(), limit.EndsAt.Day()],
        PictureResult.Busy => text["Many requests at this moment. Try again in a second."],
        _ => text["There is no such picture."],
    };

    public static int StatusOf(PictureResult result) => result switch
    {
        PictureResult.Started => StatusCodes.Status200OK,
        PictureResult.Blank or PictureResult.TooLong or PictureResult.Invalid or PictureResult.EngineUnavailable => StatusCodes.Status422UnprocessableEntity,
        PictureResult.Off => StatusCodes.Status409Conflict,
        PictureResult.CreditsExhausted or PictureResult.AccountFrozen or PictureResult.PlanLacksEngine or PictureResult.LimitReached or PictureResult.CapReached => StatusCodes.Status403Forbidden,
        PictureResult.Busy => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status404NotFound,
    };
}
