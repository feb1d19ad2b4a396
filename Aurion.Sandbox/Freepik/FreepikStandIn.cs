using System.Globalization;
using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.Freepik;

/// <summary>
/// Freepik's image API, now also Magnific's: pictures drawn from the prompt, in one answer or as tasks (see <see cref="ImageTasks"/>).
/// Words in the prompt ask for what the real one does on a bad day (see <see cref="Trouble"/>). Both names of the key's header are taken.
/// </summary>
public sealed class FreepikStandIn : IAsyncDisposable
{
    private const int CallsAMinute = 50;

    private readonly LoopbackServer http;
    private readonly ImageTasks tasks;

    private FreepikStandIn(LoopbackServer http, ImageTasks tasks) => (this.http, this.tasks) = (http, tasks);

    public string Address => http.Address;

    /// <summary>Starts it; port 0 takes a free one. Webhooks are signed with <paramref name="webhookSecret"/> (<c>whsec_</c> and base64).</summary>
    public static async Task<FreepikStandIn> StartAsync(string key, TimeProvider clock, int port = 0, string webhookSecret = "whsec_c2FuZGJveA==", int callsAMinute = CallsAMinute, CancellationToken ct = default)
    {
        var tasks = new ImageTasks(clock, webhookSecret);
        var limit = new RateLimit(clock, callsAMinute);
        var http = await LoopbackServer.StartAsync(port, app =>
        {
            app.Use((context, next) => GuardAsync(context, next, key, limit));
            app.MapPost("/v1/ai/text-to-image", (ImageRequest request, HttpContext context) => Check(request, context) ?? Draw(request));
            tasks.Map(app);
            app.MapGet("/", () => "Freepik's stand-in: POST /v1/ai/text-to-image, POST /v1/ai/mystic, POST /v1/ai/text-to-image/{model}, GET …/{task-id}");
        }, ct: ct);
        tasks.Start(http.Address);
        return new FreepikStandIn(http, tasks);
    }

    public async ValueTask DisposeAsync()
    {
        await tasks.DisposeAsync();
        await http.DisposeAsync();
    }

    private static Task GuardAsync(HttpContext context, RequestDelegate next, string key, RateLimit limit)
    {
        if (!context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
            return next(context);
        var headers = context.Request.Headers;
        if (headers["x-freepik-api-key"] != key && headers["x-magnific-api-key"] != key)
            return Refusal(401, "Invalid API key").ExecuteAsync(context);
        return limit.Takes() ? next(context) : TooMany(context).ExecuteAsync(context);
    }

    /// <summary>The answer to a request that cannot be served, or null.</summary>
    internal static IResult? Check(ImageRequest request, HttpContext context)
    {
        if (string.IsNullOrWhiteSpace(request.Prompt))
            return Invalid("prompt");
        if (request.NumImages is < 1 or > 4)
            return Invalid("num_images");
        if (request.AspectRatio is { } ratio && !ImageRequest.Ratios.Contains(ratio))
            return Invalid("aspect_ratio");
        if (request.Seed is <= 1 or >= ImageRequest.SeedEnd)
            return Invalid("seed");
        if (request.Resolution is { } resolution && !ImageRequest.Resolutions.Contains(resolution))
            return Invalid("resolution");
        if (request.WebhookUrl is { } webhook && !(Uri.TryCreate(webhook, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            return Invalid("webhook_url");
        return Trouble.In(request.Prompt) switch
        {
            "401" => Refusal(401, "Invalid API key"),
            "402" => Refusal(402, "Your organization has no credits left."),
            "429" => TooMany(context),
            "500" => Refusal(500, "Internal Server Error"),
            "503" => Refusal(503, "Service Unavailable. Please try again later."),
            "unbegun" => Results.Json(new { data = new { status = "CREATED" } }),
            _ => null,
        };
    }

    internal static IResult Refusal(int status, string message) => Results.Json(new { message }, statusCode: status);

    internal static IResult TooMany(HttpContext context, int seconds = 11)
    {
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Refusal(429, "You have exceeded the rate limit of your plan.");
    }

    private static IResult Invalid(string field) =>
        Results.Json(new { message = "Validation error", invalid_params = new[] { new { field, reason = "is not valid" } } }, statusCode: 400);

    private static IResult Draw(ImageRequest request)
    {
        var size = request.Image?.Size ?? "square_1_1";
        var (width, height) = ImageRequest.Pixels(size);
        var seed = request.Seed ?? 2;
        var nsfw = Trouble.In(request.Prompt!) == "nsfw";
        return Results.Ok(new
        {
            data = Enumerable.Range(0, request.NumImages ?? 1).Select(n => new { base64 = Convert.ToBase64String(Painting.Draw(request.Prompt!, seed + n, width, height)), has_nsfw = nsfw }),
            meta = new { image = new { size, width, height }, seed, guidance_scale = request.GuidanceScale ?? 1.0, prompt = request.Prompt, num_inference_steps = 8 },
        });
    }
}
