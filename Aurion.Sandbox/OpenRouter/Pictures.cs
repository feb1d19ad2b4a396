using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Painting = Aurion.Sandbox.Freepik.Painting;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>POST /images and GET /images/models: pictures in one answer, each paid as it is delivered. <c>fail:few</c> delivers one less than asked for, <c>fail:blank</c> none.</summary>
internal sealed class Pictures(World world)
{
    private const int Most = 10;

    private static readonly string[] Text = ["text"];
    private static readonly string[] Image = ["image"];

    private static readonly Dictionary<string, (string Name, decimal Price, int MostAtOnce)> Models = new(StringComparer.Ordinal)
    {
        ["bytedance-seed/seedream-4.5"] = ("ByteDance Seed: Seedream 4.5", 0.04m, Most),
        ["black-forest-labs/flux.2-pro"] = ("Black Forest Labs: FLUX.2 Pro", 0.03m, 1),
    };

    private static readonly Dictionary<string, (int Width, int Height)> Ratios = new(StringComparer.Ordinal)
    {
        ["1:1"] = (1024, 1024),
        ["auto"] = (1024, 1024),
        ["4:3"] = (1024, 768),
        ["3:4"] = (768, 1024),
        ["3:2"] = (1024, 683),
        ["2:3"] = (683, 1024),
        ["16:9"] = (1024, 576),
        ["9:16"] = (576, 1024),
        ["5:4"] = (1024, 819),
        ["4:5"] = (819, 1024),
        ["2:1"] = (1024, 512),
        ["1:2"] = (512, 1024),
    };

    public void Map(WebApplication app)
    {
        app.MapPost("/api/v1/images", RunAsync);
        app.MapGet("/api/v1/images/models", () => new
        {
            data = Models.Select(model => new
            {
                id = model.Key,
                name = model.Value.Name,
                description = $"{model.Value.Name}, played by the sandbox.",
                created = 1735689600,
                architecture = new { input_modalities = Text, output_modalities = Image },
                supported_parameters = new { aspect_ratio = new { type = "enum", values = Ratios.Keys }, seed = new { type = "boolean" }, n = new { type = "range", min = 1, max = model.Value.MostAtOnce } },
                supports_streaming = false,
                pricing = new { image = model.Value.Price.ToString(CultureInfo.InvariantCulture) },
                endpoints = $"/api/v1/images/models/{model.Key}/endpoints",
            }),
        });
    }

    private async Task RunAsync(HttpContext context)
    {
        var request = await ReadAsync(context);
        var (model, prompt) = ((string?)request?["model"] ?? "", (string?)request?["prompt"] ?? "");
        if (Refuse(request, model, prompt) is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }
        var trouble = Trouble.In(prompt);
        var wanted = (int?)request!["n"] ?? 1;
        var count = trouble.Is("blank") ? 0 : trouble.Is("few") ? wanted - 1 : wanted;
        var (width, height) = Ratios[(string?)request["aspect_ratio"] ?? "1:1"];
        var seed = (int?)request["seed"] ?? 1;
        if (trouble.Is("silence"))
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        // A plain call is paid also by somebody who has hung up.
        var cost = count * Models[model].Price;
        var id = Close(context, model, cost, count);
        if (trouble.Is("slow"))
            await Task.Delay(TimeSpan.FromSeconds(5), context.RequestAborted);
        context.Response.Headers["X-Generation-Id"] = id;
        await context.Response.WriteAsJsonAsync(new JsonObject
        {
            ["created"] = world.Clock.GetUtcNow().ToUnixTimeSeconds(),
            ["data"] = new JsonArray([.. Enumerable.Range(0, count).Select(n => new JsonObject
            {
                ["b64_json"] = trouble.Is("garbage") ? "bm8gcGljdHVyZQ==" : Convert.ToBase64String(Painting.Draw(prompt, seed + n, width, height)),
                ["media_type"] = "image/png",
            })]),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 0, ["completion_tokens"] = count * 4175, ["total_tokens"] = count * 4175, ["cost"] = cost },
        });
    }

    private ApiError? Refuse(JsonObject? request, string model, string prompt)
    {
        if (request is null)
            return new ApiError(400, "Invalid JSON in request body", "invalid_request");
        if (string.IsNullOrWhiteSpace(prompt))
            return new ApiError(400, "prompt: String must contain at least 1 character(s)", "invalid_request");
        if (!Models.TryGetValue(model, out var known))
            return new ApiError(400, $"{model} is not a valid model ID", "invalid_request");
        if (request["n"] is { } n && (!int.TryParse(n.ToString(), CultureInfo.InvariantCulture, out var count) || count < 1 || count > known.MostAtOnce))
            return new ApiError(400, $"n: between 1 and {known.MostAtOnce} for this model", "invalid_request");
        if (request["aspect_ratio"] is { } ratio && !Ratios.ContainsKey(ratio.ToString()))
            return new ApiError(400, "aspect_ratio: Invalid enum value", "invalid_request");
        var trouble = Trouble.In(prompt);
        if (trouble.Is("filter"))
            return new Trouble("refuse", 403).Refusal;
        return trouble.Refusal ?? (world.Account.Remaining <= 0 ? Trouble.Dry("openrouter_credits", "Insufficient credits. Add more using https://openrouter.ai/settings/credits") : null);
    }

    private string Close(HttpContext context, string model, decimal cost, int count)
    {
        var now = world.Clock.GetUtcNow();
        var id = $"gen-img-{now.ToUnixTimeSeconds()}-{Guid.CreateVersion7(now):N}";
        world.Account.Spend(cost);
        world.Generations.Keep(id, new JsonObject
        {
            ["id"] = id,
            ["model"] = model,
            ["provider_name"] = "Sandbox",
            ["streamed"] = false,
            ["cancelled"] = context.RequestAborted.IsCancellationRequested,
            ["created_at"] = now.ToString("O", CultureInfo.InvariantCulture),
            ["total_cost"] = cost,
            ["usage"] = cost,
            ["num_media_completion"] = count,
            ["finish_reason"] = "stop",
            ["api_type"] = "images",
        });
        return id;
    }

    private static async Task<JsonObject?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
