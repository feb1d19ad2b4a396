using System.Globalization;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>A few models with prices as OpenRouter writes them: dollars for one token, as text.</summary>
internal sealed record Model(string Id, string Name, int ContextLength, decimal PromptPrice, decimal CompletionPrice)
{
    public decimal Cost(int promptTokens, int completionTokens) => promptTokens * PromptPrice + completionTokens * CompletionPrice;

    public object Describe() => new
    {
        id = Id,
        canonical_slug = Id,
        name = Name,
        created = 1735689600,
        description = $"{Name}, played by the sandbox.",
        context_length = ContextLength,
        architecture = new { modality = "text->text", input_modalities = new[] { "text" }, output_modalities = new[] { "text" }, tokenizer = "Other", instruct_type = (string?)null },
        pricing = new { prompt = Text(PromptPrice), completion = Text(CompletionPrice), request = "0", image = "0" },
        top_provider = new { context_length = ContextLength, max_completion_tokens = 16384, is_moderated = false },
        supported_parameters = new[] { "max_tokens", "temperature", "stop", "stream" },
    };

    private static string Text(decimal price) => price.ToString(CultureInfo.InvariantCulture);
}

internal static class Models
{
    private static readonly Model[] Known =
    [
        new("openai/gpt-4o-mini", "OpenAI: GPT-4o-mini", 128_000, 0.00000015m, 0.0000006m),
        new("anthropic/claude-sonnet-4", "Anthropic: Claude Sonnet 4", 200_000, 0.000003m, 0.000015m),
        new("mistralai/mistral-small-3.2-24b-instruct", "Mistral: Mistral Small 3.2", 128_000, 0.0000001m, 0.0000003m),
        new("meta-llama/llama-3.3-70b-instruct", "Meta: Llama 3.3 70B Instruct", 131_072, 0.0000001m, 0.0000003m),
    ];

    public static IReadOnlyList<object> All { get; } = [.. Known.Select(model => model.Describe())];

    public static Model? Find(string? id) => id is null or "openrouter/auto" ? Known[0] : Array.Find(Known, model => model.Id == id);
}
