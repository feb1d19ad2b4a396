using System.Net;
using System.Text.Json;

namespace Aurion.Web.Ai.Providers;

/// <summary>
/// Freepik's API, now also Magnific's; nothing else knows its JSON. A picture is a task that is begun, looked at until it has ended, and
/// fetched at once: its address dies after minutes.
/// </summary>
/// <remarks>https://docs.freepik.com/api-reference/text-to-image/flux-dev/post-flux-dev, …/mystic/post-mystic and /webhooks.</remarks>
public sealed class FreepikEngine(IHttpClientFactory clients, FreepikPatience patience, FreepikOptions options, SiteOptions site) : IPictureEngine
{
    public const string Prefix = "freepik/";

    private const string Mystic = "mystic";
    private const string Api = "Freepik";
    private const string Files = "Freepik's files";
    private const int LargestFile = 30 * 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly Dictionary<string, string> Ratios = new(StringComparer.Ordinal)
    {
        ["1:1"] = "square_1_1",
        ["3:4"] = "traditional_3_4",
        ["4:3"] = "classic_4_3",
        ["16:9"] = "widescreen_16_9",
    };

    public bool IsOn => options.ApiKey.Length > 0;

    public bool Draws(string model) => model.StartsWith(Prefix, StringComparison.Ordinal);

    public async Task<PictureStep> BeginAsync(PictureRequest request)
    {
        var name = request.Model[Prefix.Length..];
        var webhook = options.WebhookSecret.Length > 0 ? new Uri(site.PublicUrl!, $"/api/freepik-webhook/{request.UserId}/{request.PictureId}") : null;
        object body = name == Mystic
            ? new { request.Prompt, AspectRatio = Ratios[request.Ratio], Resolution = "2k", FilterNsfw = true, WebhookUrl = webhook }
            : new { request.Prompt, AspectRatio = Ratios[request.Ratio], request.Seed, WebhookUrl = webhook };
        return await CallAsync(async ct =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, PathOf(request.Model)) { Content = JsonContent.Create(body, options: Json) };
            using var response = await clients.CreateClient(Api).SendAsync(message, ct);
            return response.IsSuccessStatusCode ? Begun(await ReadAsync(response, ct)) : Refusal(response);
        });
    }

    public async Task<PictureStep> LookAsync(PictureRequest request, string taskId) => await CallAsync(async ct =>
    {
        using var response = await clients.CreateClient(Api).GetAsync(new Uri($"{PathOf(request.Model)}/{Uri.EscapeDataString(taskId)}", UriKind.Relative), ct);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return new PictureStep.Failed(ProviderFault.Lost, IsPassing: true);
        if (!response.IsSuccessStatusCode)
            return Refusal(response);
        var task = await ReadAsync(response, ct);
        return task.Status switch
        {
            "COMPLETED" when task.HasNsfw is [true, ..] => new PictureStep.Failed(ProviderFault.Refused, CostMicrodollars: request.UnitPrice),
            "COMPLETED" when task.Generated is [{ } address, ..] => await FetchAsync(address, request, ct),
            "COMPLETED" => new PictureStep.Failed(ProviderFault.Blank),
            "FAILED" => new PictureStep.Failed(ProviderFault.NotDrawn),
            _ => new PictureStep.Drawing(taskId),
        };
    });

    /// <summary>Rarely when a message of Freepik's tells the end: it takes 50 calls a minute.</summary>
    public TimeSpan LookAfter(TimeSpan age) => options.WebhookSecret.Length > 0
        ? TimeSpan.FromSeconds(Math.Clamp(age.TotalSeconds / 3, 5, 30))
        : TimeSpan.FromSeconds(Math.Clamp(age.TotalSeconds / 4, 2, 15));

    private async Task<PictureStep> FetchAsync(Uri address, PictureRequest request, CancellationToken ct)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != options.ApiBase.Scheme))
            return new PictureStep.Failed(ProviderFault.Unreadable, CostMicrodollars: request.UnitPrice);
        using var response = await clients.CreateClient(Files).GetAsync(address, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode)
            return new PictureStep.Failed(ProviderFault.Lost, IsPassing: true, CostMicrodollars: request.UnitPrice);
        using var content = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var part = new byte[64 * 1024];
        for (int read; (read = await stream.ReadAsync(part, ct)) > 0;)
        {
            content.Write(part, 0, read);
            if (content.Length > LargestFile)
                return new PictureStep.Failed(ProviderFault.TooLong, CostMicrodollars: request.UnitPrice);
        }
        return new PictureStep.Delivered(content.ToArray(), request.UnitPrice, GenerationId: null);
    }

    private async Task<PictureStep> CallAsync(Func<CancellationToken, Task<PictureStep>> call)
    {
        using var silence = new CancellationTokenSource(patience.Call);
        try
        {
            return await call(silence.Token);
        }
        catch (OperationCanceledException)
        {
            return new PictureStep.Failed(ProviderFault.TimedOut, IsPassing: true);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return new PictureStep.Failed(ProviderFault.Away, IsPassing: true);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException)
        {
            return new PictureStep.Failed(ProviderFault.Unreadable, IsPassing: true);
        }
    }

    private static string PathOf(string model) => model[Prefix.Length..] is Mystic ? "v1/ai/mystic" : "v1/ai/text-to-image/" + model[Prefix.Length..];

    private static PictureStep Begun(TaskObject task) => task.TaskId is { Length: > 0 } id ? new PictureStep.Drawing(id) : new PictureStep.Failed(ProviderFault.Unreadable);

    private static async Task<TaskObject> ReadAsync(HttpResponseMessage response, CancellationToken ct) =>
        (await response.Content.ReadFromJsonAsync<TaskAnswer>(Json, ct))?.Data ?? throw new JsonException("no data");

    private static PictureStep.Failed Refusal(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(ProviderFault.KeyRefused),
        HttpStatusCode.PaymentRequired => new(ProviderFault.AccountDry),
        HttpStatusCode.TooManyRequests => new(ProviderFault.Busy, IsPassing: true, response.Headers.RetryAfter?.Delta),
        >= HttpStatusCode.InternalServerError => new(ProviderFault.Away, IsPassing: true),
        _ => new(ProviderFault.Rejected),
    };

    /// <summary>How the application reaches it. The key goes to the API alone, and an address that the API names leads to no machine of ours.</summary>
    internal static void Register(IServiceCollection services, FreepikOptions options)
    {
        services.AddSingleton(FreepikPatience.Default);
        services.AddSingleton<FreepikEngine>();
        services.AddHttpClient(Api, http =>
            {
                http.BaseAddress = options.ApiBase;
                http.DefaultRequestHeaders.Add(options.ApiHeader, options.ApiKey);
            })
            .UseSocketsHttpHandler((handler, _) => Configure(handler)).SetHandlerLifetime(Timeout.InfiniteTimeSpan).RemoveAllLoggers();
        services.AddHttpClient(Files)
            .UseSocketsHttpHandler((handler, _) =>
            {
                Configure(handler);
                if (!options.ApiBase.IsLoopback)
                    handler.ConnectCallback = PublicNetwork.ConnectAsync;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan).RemoveAllLoggers();
    }

    private static void Configure(SocketsHttpHandler handler)
    {
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        handler.AllowAutoRedirect = false;
        handler.AutomaticDecompression = DecompressionMethods.None;
    }

    private sealed record TaskAnswer(TaskObject? Data);

    private sealed record TaskObject(string? TaskId, string? Status, IReadOnlyList<Uri>? Generated, IReadOnlyList<bool>? HasNsfw);
}
