using System.Globalization;
using Aurion.Data.Ai;
using Aurion.Data.Infrastructure;
using Aurion.Web.Ai.Providers;

namespace Aurion.Web.Ai.Operating;

/// <summary>
/// Takes over OpenRouter's prices of the models that are on offer. A price that changed counts for runs that begin afterwards; a model
/// that is gone, has no price, or costs ten times as much is switched off, and the administrators are told.
/// </summary>
public sealed class ImportModelPricesJob(OpenRouterClient provider, OpenRouterOptions options, ModelPriceStore prices, SiteOptions site, JobFailures failures, TimeProvider clock) : IJob
{
    // People read them where they would have chosen the model.
    public const string Gone = "The provider no longer offers it.";
    public const string Unpriced = "The provider names no price for it.";
    public const string Dearer = "The provider asks ten times as much as before.";

    private const int Tenfold = 10;

    // Dollars for a token are so many micro-dollars for a million of them.
    private const decimal Scale = 1_000_000m * 1_000_000m;

    public async Task RunAsync(CancellationToken ct)
    {
        if (options.ApiKey.Length == 0)
            return;
        var (known, listed) = (await prices.ListAsync(ct), await provider.ListModelsAsync(ct));
        // A provider does not drop half of its best-known models overnight; a list that was cut would look so.
        if (known.Count(model => !listed.ContainsKey(model.Id)) is >= 2 and var missing && missing * 2 > known.Count)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"OpenRouter's list of {listed.Count} models lacks {missing} of {known.Count}: no price was taken over."));
        foreach (var model in known)
        {
            try
            {
                var (prompt, completion, reason) = Judge(model, listed.GetValueOrDefault(model.Id));
                await prices.ImportAsync(model.Id, prompt, completion, reason, site.Admins, ct);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested && !DatabaseFaults.IsUnavailable(fault))
            {
                await failures.ReportAsync<ImportModelPricesJob>($"model {model.Id}", fault);
            }
        }
    }

    private (long? Prompt, long? Completion, string? Reason) Judge(ModelPrice known, ListedModel? listed)
    {
        if (listed is null || (listed.ExpiresOn is { } end && end <= DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)))
            return (null, null, Gone);
        if (Read(listed.Prompt) is not { } prompt || Read(listed.Completion) is not { } completion)
            return (null, null, Unpriced);
        return (prompt, completion, IsTenfold(known.PromptPrice, prompt) || IsTenfold(known.CompletionPrice, completion) ? Dearer : null);
    }

    private static bool IsTenfold(long before, long now) => now > before && now / Tenfold >= before;

    private static long? Read(string? price) =>
        decimal.TryParse(price, NumberStyles.Float, CultureInfo.InvariantCulture, out var dollars) && dollars is >= 0 and < 1 ? (long)Math.Ceiling(dollars * Scale) : null;
}
