using System.Collections.Concurrent;

namespace Aurion.Sandbox.Freepik;

/// <summary>Pictures that take a while: CREATED, IN_PROGRESS, then COMPLETED with an address, or FAILED.</summary>
internal sealed class Mystic(TimeProvider clock)
{
    private static readonly TimeSpan Begins = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, MysticTask> tasks = new();

    public void Map(WebApplication app)
    {
        app.MapPost("/v1/ai/mystic", (ImageRequest request, HttpContext context) => FreepikStandIn.Check(request, context) ?? Create(request));
        app.MapGet("/v1/ai/mystic/{id:guid}", (Guid id, HttpContext context) => tasks.TryGetValue(id, out var task)
            ? Results.Ok(new { data = Describe(id, task, $"{context.Request.Scheme}://{context.Request.Host}") })
            : FreepikStandIn.Refusal(404, "Not found"));
        app.MapGet("/images/{id:guid}.png", (Guid id) => tasks.TryGetValue(id, out var task) && Status(task) == "COMPLETED"
            ? Results.Bytes(Draw(task.Request), "image/png")
            : Results.NotFound());
    }

    private IResult Create(ImageRequest request)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var task = tasks[id] = new MysticTask(request, now);
        return Results.Ok(new { data = Describe(id, task, "") });
    }

    private object Describe(Guid id, MysticTask task, string origin)
    {
        var status = Status(task);
        string[] generated = status == "COMPLETED" ? [$"{origin}/images/{id}.png"] : [];
        return new { task_id = id, status, generated, has_nsfw = generated.Select(_ => false) };
    }

    private string Status(MysticTask task)
    {
        var age = clock.GetUtcNow() - task.CreatedAt;
        return age < Begins ? "CREATED"
            : age < Lasts ? "IN_PROGRESS"
            : task.Request.Prompt!.Contains("fail:task", StringComparison.Ordinal) ? "FAILED" : "COMPLETED";
    }

    private static byte[] Draw(ImageRequest request)
    {
        var (width, height) = ImageRequest.Pixels(request.AspectRatio ?? "square_1_1");
        return Painting.Draw(request.Prompt!, request.Seed ?? 1, width, height);
    }

    private sealed record MysticTask(ImageRequest Request, DateTimeOffset CreatedAt);
}
