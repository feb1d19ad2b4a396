using System.Text.Json;

namespace Aurion.Web.Ai.Providers;

public sealed partial class OpenRouterClient
{
    /// <summary>Asks for one picture, which comes with the answer. A call that fell silent may have been paid for, so it is not repeated.</summary>
    public async Task<PictureStep> DrawAsync(PictureRequest request)
    {
        using var silence = new CancellationTokenSource(patience.Picture);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, "api/v1/images")
            {
                Content = JsonContent.Create(new { request.Model, request.Prompt, N = 1, AspectRatio = request.Ratio, request.Seed, User = request.UserId }, options: Json),
            };
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            if (!response.IsSuccessStatusCode)
            {
                var refusal = await ReadRefusalAsync(response, silence.Token);
                await HearAsync(refusal.Fault);
                return new PictureStep.Failed(refusal.Fault, IsPassing: refusal.Fault is ProviderFault.Away, refusal.RetryAfter);
            }
            var generation = response.Headers.TryGetValues("X-Generation-Id", out var ids) ? ids.First() : null;
            var answer = await response.Content.ReadFromJsonAsync<PictureAnswer>(Json, silence.Token);
            var cost = answer?.Usage?.Cost is { } dollars ? Microdollars(dollars) : (long?)null;
            return answer?.Data is [{ B64Json: { Length: > 0 } content }, ..]
                ? new PictureStep.Delivered(Convert.FromBase64String(content), cost, generation)
                : new PictureStep.Failed(ProviderFault.Blank, CostMicrodollars: cost, GenerationId: generation);
        }
        catch (OperationCanceledException)
        {
            return new PictureStep.Failed(ProviderFault.TimedOut);
        }
        catch (HttpRequestException)
        {
            return new PictureStep.Failed(ProviderFault.Away, IsPassing: true);
        }
        catch (IOException)
        {
            return new PictureStep.Failed(ProviderFault.Cut);
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or NotSupportedException)
        {
            return new PictureStep.Failed(ProviderFault.Unreadable);
        }
    }

    private sealed record PictureAnswer(IReadOnlyList<PictureObject>? Data, PictureUsage? Usage);

    private sealed record PictureObject(string? B64Json);

    private sealed record PictureUsage(decimal? Cost);
}

