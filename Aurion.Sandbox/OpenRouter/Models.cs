using System.Globalization;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>A model with its prices as OpenRouter writes them: dollars for one token, as text. The last three tell of special prices and of an end.</summary>
internal sealed record Model(
    string Id, string Name, int ContextLength, decimal PromptPrice, decimal CompletionPrice, bool SeesPictures = false, string? ExpiresOn = null)
{
    /// <summary>What the list says instead of the prices that are taken, where a test wants them wrong.</summary>
    public (string? Prompt, string? Completion)? Listed { get; init; }

    public int LongestAnswer => Math.Min(16_384, ContextLength);

    public decimal Cost(int promptTokens, int completionTokens) => promptTokens * PromptPrice + completionTokens * CompletionPrice;

    public object Describe() => new
    {
        id = Id,
        canonical_slug = Id,
        name = Name,
        created = 1735689600,
        description = $"{Name}, played by the sandbox.",
        context_length = ContextLength,
        architecture = new
        {
            modality = SeesPictures ? "text+image->text" : "text->text",
            input_modalities = SeesPictures ? ["text", "image"] : new[] { "text" },
            output_modalities = new[] { "text" },
            tokenizer = "Other",
            instruct_type = (string?)null,
        },
        pricing = new { prompt = Listed is { } listed ? listed.Prompt : Text(PromptPrice), completion = Listed is { } written ? written.Completion : Text(CompletionPrice), request = "0", image = "0", web_search = "0", internal_reasoning = "0" },
        top_provider = new { context_length = ContextLength, max_completion_tokens = LongestAnswer, is_moderated = false },
        per_request_limits = (object?)null,
        supported_parameters = new[] { "max_tokens", "temperature", "stop", "seed", "tools", "tool_choice" },
        expiration_date = ExpiresOn,
    };

    private static string Text(decimal price) => price.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The models on offer; a test may change a price or take one away, as OpenRouter does overnight.</summary>
internal sealed class Models
{
    private readonly Lock door = new();
    private List<Model> known =
    [
        new("openai/gpt-4o-mini", "OpenAI: GPT-4o-mini", 128_000, 0.00000015m, 0.0000006m, SeesPictures: true),
        new("mistralai/mistral-small-3.2-24b-instruct", "Mistral: Mistral Small 3.2", 128_000, 0.0000001m, 0.0000003m),
        new("google/gemini-2.5-flash", "Google: Gemini 2.5 Flash", 1_048_576, 0.0000003m, 0.0000025m, SeesPictures: true),
        new("meta-llama/llama-3.3-70b-instruct", "Meta: Llama 3.3 70B Instruct", 131_072, 0.0000001m, 0.0000003m),
        new("anthropic/claude-sonnet-4", "Anthropic: Claude Sonnet 4", 200_000, 0.000003m, 0.000015m, SeesPictures: true),
        new("openai/gpt-5", "OpenAI: GPT-5", 400_000, 0.00000125m, 0.00001m, SeesPictures: true),
        new("openai/gpt-4-0314", "OpenAI: GPT-4 (older v0314)", 8_191, 0.00003m, 0.00006m, ExpiresOn: "2026-03-14"),
    ];

    public IReadOnlyList<object> Describe()
    {
        lock (door)
            return [.. known.Select(model => model.Describe())];
    }

    public Model? Find(string? id)
    {
        lock (door)
            return id is null or "openrouter/auto" ? known[0] : known.Find(model => model.Id == id);
    }

    public void Price(string id, decimal prompt, decimal completion)
    {
        lock (door)
            known = [.. known.Select(model => model.Id == id ? model with { PromptPrice = prompt, CompletionPrice = completion } : model)];
    }

    public void List(string id, string? prompt, string? completion, string? expiresOn)
    {
        lock (door)
            known = [.. known.Select(model => model.Id == id ? model with { Listed = (prompt, completion), ExpiresOn = expiresOn } : model)];
    }

    public void Remove(string id)
    {
        lock (door)
            known = [.. known.Where(model => model.Id != id)];
    }
}
