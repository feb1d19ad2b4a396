using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.Freepik;

/// <summary>
/// Freepik's image API: pictures drawn from the prompt. <c>fail:401</c>, <c>fail:429</c>, <c>fail:503</c> and <c>fail:task</c> in
/// a prompt ask for what the real one does on a bad day.
/// </summary>
public sealed class FreepikStandIn : IAsyncDisposable
{
    private readonly LoopbackServer http;

    private FreepikStandIn(LoopbackServer http) => this.http = http;

    public string Address => http.Address;

    /// <summary>Starts it; port 0 takes a free one.</summary>
    public static async Task<FreepikStandIn> StartAsync(string key, TimeProvider clock, int port = 0, CancellationToken ct = default) => new(await LoopbackServer.StartAsync(port, app =>
    {
        app.Use(async (context, next) =>
        {
            if (!context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) || context.Request.Headers["x-freepik-api-key"] == key)
                await next(context);
            else
                await Refusal(401, "Invalid API key").ExecuteAsync(context);
        });
        app.MapPost("/v1/ai/text-to-image", (ImageRequest request, HttpContext context) => Check(request, context) ?? Draw(request));
        new Mystic(clock).Map(app);
        app.MapGet("/", () => "Freepik's stand-in: POST /v1/ai/text-to-image, POST /v1/ai/mystic, GET /v1/ai/mystic/{task-id}");
    }, ct: ct));

    public ValueTask DisposeAsync() => http.DisposeAsync();

    /// <summary>The answer to a request that cannot be served, or null.</summary>
    internal static IResult? Check(ImageRequest request, HttpContext context)
    {
        var prompt = request.Prompt ?? "";
        if (prompt.Contains("fail:401", StringComparison.Ordinal))
            return Refusal(401, "Invalid API key");
        if (prompt.Contains("fail:503", StringComparison.Ordinal))
            return Refusal(503, "Service Unavailable. Please try again later.");
        if (prompt.Contains("fail:429", StringComparison.Ordinal))
        {
            context.Response.Headers.RetryAfter = "11";
            return Refusal(429, "You have exceeded the rate limit of your plan.");
        }
        return string.IsNullOrWhiteSpace(prompt) || request.NumImages is < 1 or > 4
            ? Results.Json(new { message = "Validation error", invalid_params = new[] { new { field = string.IsNullOrWhiteSpace(prompt) ? "prompt" : "num_images", reason = "is not valid" } } }, statusCode: 400)
            : null;
    }

    internal static IResult Refusal(int status, string message) => Results.Json(new { message }, statusCode: status);

    private static IResult Draw(ImageRequest request)
    {
        var size = request.Image?.Size ?? "square_1_1";
        var (width, height) = ImageRequest.Pixels(size);
        var seed = request.Seed ?? 1;
        return Results.Ok(new
        {
            data = Enumerable.Range(0, request.NumImages ?? 1).Select(n => new { base64 = Convert.ToBase64String(Painting.Draw(request.Prompt!, seed + n, width, height)), has_nsfw = false }),
            meta = new { image = new { size, width, height }, seed, guidance_scale = request.GuidanceScale ?? 1.0, prompt = request.Prompt, num_inference_steps = 8 },
        });
    }
}
