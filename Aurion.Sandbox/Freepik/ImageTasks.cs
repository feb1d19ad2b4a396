using System.Collections.Concurrent;
using System.Globalization;

namespace Aurion.Sandbox.Freepik;

/// <summary>Pictures that take a while: CREATED, IN_PROGRESS, then COMPLETED with an address that dies after ten minutes, or FAILED.</summary>
internal sealed class ImageTasks(TimeProvider clock, string webhookSecret) : IAsyncDisposable
{
    private static readonly string[] Models = ["flux-dev", "flux-pro-v1-1", "flux-2-pro", "flux-2-turbo", "hyperflux", "seedream", "seedream-v4", "seedream-v4-5", "z-image-turbo"];
    private static readonly TimeSpan Begins = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Lives = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Guid, ImageTask> tasks = new();
    private readonly ConcurrentDictionary<string, byte> refused = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private string origin = "";
    private Task telling = Task.CompletedTask;

    public void Map(WebApplication app)
    {
        foreach (var model in Models.Select(name => "text-to-image/" + name).Append("mystic"))
        {
            app.MapPost("/v1/ai/" + model, async (ImageRequest request, HttpContext context) => FreepikStandIn.Check(request, context) ?? await FaultOfFirstAsync(request, context) ?? Create(model, request));
            app.MapGet("/v1/ai/" + model, () => new { data = tasks.Values.Where(task => task.Model == model).OrderByDescending(task => task.CreatedAt).Select(task => new { task_id = task.Id, status = StatusOf(task) }) });
            app.MapGet($"/v1/ai/{model}/{{id:guid}}", (Guid id) => !tasks.TryGetValue(id, out var task) || task.Model != model || Trouble.In(task.Request.Prompt!) == "forgotten"
                ? FreepikStandIn.Refusal(404, "Not found")
                : Trouble.In(task.Request.Prompt!) == "away" ? FreepikStandIn.Refusal(503, "Service Unavailable. Please try again later.")
                : Results.Ok(new { data = Describe(task) }));
        }
        app.MapGet("/images/{id:guid}.png", (Guid id, long exp) => Picture(id, exp));
    }

    /// <summary>Begins to tell webhooks of each change of status.</summary>
    public void Start(string address)
    {
        origin = address;
        telling = TellAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task<IResult?> FaultOfFirstAsync(ImageRequest request, HttpContext context)
    {
        switch (Trouble.In(request.Prompt!))
        {
            case "silence":
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return Results.Empty;
            case "once" when refused.TryAdd(request.Prompt!, 0):
                return FreepikStandIn.Refusal(503, "Service Unavailable. Please try again later.");
            case "limited" when refused.TryAdd(request.Prompt!, 0):
                return FreepikStandIn.TooMany(context, seconds: 2);
            default:
                return null;
        }
    }

    private IResult Create(string model, ImageRequest request)
    {
        var now = clock.GetUtcNow();
        var task = new ImageTask(Guid.CreateVersion7(now), model, request, now);
        tasks[task.Id] = task;
        return Results.Ok(new { data = Describe(task) });
    }

    private ImageState Describe(ImageTask task)
    {
        var status = StatusOf(task);
        var dies = (Trouble.In(task.Request.Prompt!) == "dead" ? clock.GetUtcNow().AddSeconds(-1) : task.CreatedAt + Lasts + Lives).ToUnixTimeSeconds();
        string[] generated = status == "COMPLETED" && Trouble.In(task.Request.Prompt!) != "blank"
            ? [string.Create(CultureInfo.InvariantCulture, $"{origin}/images/{task.Id}.png?exp={dies}")]
            : [];
        return new ImageState(task.Id, status, generated, [.. generated.Select(_ => Trouble.In(task.Request.Prompt!) == "nsfw")]);
    }

    private string StatusOf(ImageTask task)
    {
        var age = clock.GetUtcNow() - task.CreatedAt;
        return age < Begins ? "CREATED"
            : age < Lasts || Trouble.In(task.Request.Prompt!) == "hang" ? "IN_PROGRESS"
            : Trouble.In(task.Request.Prompt!) == "task" ? "FAILED" : "COMPLETED";
    }

    private IResult Picture(Guid id, long expires)
    {
        if (!tasks.TryGetValue(id, out var task) || StatusOf(task) != "COMPLETED")
            return Results.NotFound();
        if (clock.GetUtcNow().ToUnixTimeSeconds() >= Math.Min(expires, (task.CreatedAt + Lasts + Lives).ToUnixTimeSeconds()))
            return Results.Text("This address has expired.", statusCode: StatusCodes.Status403Forbidden);
        if (Trouble.In(task.Request.Prompt!) == "garbage")
            return Results.Text("<html>502 Bad Gateway</html>", "image/png");
        if (Trouble.In(task.Request.Prompt!) == "huge")
            return Results.Bytes(Png.Claim(10_000, 10_000), "image/png");
        var (width, height) = task.Request.Pixels();
        // Mystic takes no seed: each task draws another picture.
        var seed = task.Model == "mystic" ? task.Id.GetHashCode() : task.Request.Seed ?? task.Id.GetHashCode();
        return Results.Bytes(Painting.Draw(task.Request.Prompt!, seed, width, height), "image/png");
    }

    // The pace of the machine, not of the shared clock: that one may stand still or jump.
    private async Task TellAsync()
    {
        using var sender = new ImageWebhooks(clock, webhookSecret);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await pace.WaitForNextTickAsync(stop.Token))
        {
            foreach (var task in tasks.Values.Where(task => task.Request.WebhookUrl is not null))
            {
                var state = Describe(task);
                if (state.Status != task.Told && sender.IsDue(task, state))
                    await sender.TellAsync(task, state, stop.Token);
            }
        }
    }
}

/// <summary>One picture that was asked for; <see cref="Told"/> is the status that its webhook knows.</summary>
internal sealed record ImageTask(Guid Id, string Model, ImageRequest Request, DateTimeOffset CreatedAt)
{
    public string Told { get; set; } = "CREATED";
}
