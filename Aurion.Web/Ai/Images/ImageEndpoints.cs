using System.Globalization;
using Aurion.Data.Ai;
using Aurion.Web.Credits;

namespace Aurion.Web.Ai.Images;

/// <summary>
/// POST /api/generate-image asks for pictures and answers at once with 202; GET /api/generate-image/{batch} tells how far they are and
/// where they can be fetched. POST /api/freepik-webhook/… takes the provider's messages.
/// </summary>
public static class ImageEndpoints
{
    private const int PerMinute = 10;

    internal static void MapImageEndpoints(this WebApplication app)
    {
        app.MapPost("/api/generate-image", MakeAsync).RequireAuthorization().LimitTo(PerMinute);
        app.MapGet("/api/generate-image/{batchId:guid}", FindAsync).RequireAuthorization();
        app.MapPost("/api/freepik-webhook/{userId:guid}/{pictureId:guid}", (Guid userId, Guid pictureId, HttpRequest request, FreepikWebhook webhook, CancellationToken ct) =>
            webhook.ReceiveAsync(userId, pictureId, request, ct)).LimitNothing();
    }

    private static async Task<IResult> MakeAsync(ImageInput input, HttpContext http, Studio studio, PictureStore pictures, CancellationToken ct)
    {
        var result = await studio.MakeAsync(http.User.Id(), new PictureDraft
        {
            Prompt = input.Prompt,
            Style = input.Style,
            Size = input.Size,
            Count = input.Count,
            Seed = input.Seed,
            Engine = input.Engine,
            BatchId = input.BatchId,
        }, ct);
        if (result is not PictureResult.Started started)
            return Refused(http, result);
        var address = $"/api/generate-image/{started.BatchId}";
        return await pictures.FindBatchAsync(http.User.Id(), started.BatchId, ct) is var (batch, drawn)
            ? Results.Accepted(address, Tell(batch, drawn))
            : Results.NotFound();
    }

    private static async Task<IResult> FindAsync(Guid batchId, HttpContext http, PictureStore pictures, CancellationToken ct) =>
        await pictures.FindBatchAsync(http.User.Id(), batchId, ct) is var (batch, drawn) ? Results.Ok(Tell(batch, drawn)) : Results.NotFound();

    private static object Tell(PictureBatch batch, IReadOnlyList<Picture> pictures) => new
    {
        batchId = batch.Id,
        batch.Prompt,
        batch.Style,
        batch.Size,
        engine = batch.ModelId,
        isFinished = !pictures.Any(picture => picture.IsOpen),
        creditsHeld = pictures.Where(picture => picture.IsOpen).Sum(picture => picture.Ceiling),
        creditsCharged = pictures.Sum(picture => picture.Credits ?? 0),
        images = pictures.Select(picture => new
        {
            picture.Id,
            picture.Seed,
            picture.State,
            picture.Reason,
            picture.Credits,
            picture.Width,
            picture.Height,
            url = picture.IsDone ? $"/images/{picture.Id}/picture.jpg" : null,
            thumbnailUrl = picture.IsDone ? $"/images/{picture.Id}/thumbnail.jpg" : null,
        }),
    };

    internal static IResult Refused(HttpContext http, PictureResult result)
    {
        var status = StudioWords.StatusOf(result);
        return result switch
        {
            PictureResult.Blank => ApiProblem.Answer(400, "PROMPT_MISSING", "Prompt missing", "prompt must have some text.", ("field", "prompt")),
            PictureResult.TooLong tooLong => ApiProblem.Answer(status, "PROMPT_TOO_LONG", "Prompt too long", new("A prompt may have {0} characters.", tooLong.Characters), ("field", "prompt")),
            PictureResult.Invalid invalid => ApiProblem.Answer(400, "FIELD_INVALID", "Field not valid", new("There is no such value for {0}.", invalid.Field), ("field", invalid.Field)),
            PictureResult.EngineUnavailable unavailable => ApiProblem.Answer(status, "MODEL_UNAVAILABLE", "Model not available", "The model is unknown or switched off. Nothing was charged.", ("reason", unavailable.Reason)),
            PictureResult.PlanLacksEngine lacks => ApiProblem.Answer(status, "PLAN_LACKS_MODEL", "Model not in the plan", new("{0} is available from the {1} plan.", lacks.Engine, lacks.Plan), ("upgrade_url", "/pricing")),
            PictureResult.Off off => ApiProblem.Answer(status, "TOOL_UNAVAILABLE", "Tool not available", "This tool cannot be launched. Nothing was charged.", ("reason", off.Reason)),
            PictureResult.CreditsExhausted exhausted => CreditProblems.Insufficient(exhausted.Required, exhausted.Available),
            PictureResult.AccountFrozen frozen => CreditProblems.Frozen(frozen.Required, frozen.Available),
            PictureResult.CapReached reached => CreditProblems.Capped(reached.Cap),
            PictureResult.LimitReached limit => ApiProblem.Answer(status, limit.IsDaily ? "DAILY_LIMIT" : "MONTHLY_LIMIT", "Limit of the plan reached",
                new("The plan has {0} images; the next are free again at {1}.", limit.Limit, limit.EndsAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)), ("limit", limit.Limit), ("endsAt", limit.EndsAt)),
            PictureResult.Busy => CreditProblems.Busy(http),
            _ => Results.NotFound(),
        };
    }

    private sealed record ImageInput(string? Prompt, string? Style, string? Size, int? Count, long? Seed, string? Engine, Guid? BatchId);
}
