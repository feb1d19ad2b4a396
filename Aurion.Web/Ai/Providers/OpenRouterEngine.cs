namespace Aurion.Web.Ai.Providers;

/// <summary>The pictures of OpenRouter's models, which come with the answer.</summary>
public sealed class OpenRouterEngine(OpenRouterClient client, OpenRouterOptions options) : IPictureEngine
{
    public bool IsOn => options.ApiKey.Length > 0;

    public bool Draws(string model) => !model.StartsWith(FreepikEngine.Prefix, StringComparison.Ordinal);

    public Task<PictureStep> BeginAsync(PictureRequest request) => client.DrawAsync(request);

    // It gives no ids, so there is nothing to look at.
    public Task<PictureStep> LookAsync(PictureRequest request, string taskId) => Task.FromResult<PictureStep>(new PictureStep.Failed(ProviderFault.Lost));

    public TimeSpan LookAfter(TimeSpan age) => TimeSpan.Zero;
}
