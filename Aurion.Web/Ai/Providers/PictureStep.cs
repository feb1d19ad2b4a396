namespace Aurion.Web.Ai.Providers;

/// <summary>What an engine has done about one picture.</summary>
public abstract record PictureStep
{
    /// <summary>It works on the picture under this id, and is looked at again.</summary>
    public sealed record Drawing(string TaskId) : PictureStep;

    /// <summary>The bytes as they came, which nobody has looked at. Cost in micro-dollars; null when the provider's record has it.</summary>
    public sealed record Delivered(byte[] Content, long? CostMicrodollars, string? GenerationId) : PictureStep;

    /// <param name="IsPassing">Whether another attempt may help, and costs nobody a second time.</param>
    /// <param name="CostMicrodollars">What the provider takes all the same.</param>
    public sealed record Failed(ProviderFault Fault, bool IsPassing = false, TimeSpan? RetryAfter = null, long? CostMicrodollars = null, string? GenerationId = null) : PictureStep;
}

/// <summary>One picture to draw.</summary>
public sealed record PictureRequest
{
    public required string Model { get; init; }

    public required string Prompt { get; init; }

    /// <summary>Width to height, as <c>4:3</c>.</summary>
    public required string Ratio { get; init; }

    public required long Seed { get; init; }

    /// <summary>Micro-dollars, for an engine that reports no cost.</summary>
    public required long UnitPrice { get; init; }

    public required Guid UserId { get; init; }

    public required Guid PictureId { get; init; }
}

/// <summary>A provider of pictures. A failure is a step, never an exception.</summary>
public interface IPictureEngine
{
    /// <summary>Whether somebody set it up.</summary>
    bool IsOn { get; }

    bool Draws(string model);

    /// <summary>Asks for a picture: it is there, or drawn under an id.</summary>
    Task<PictureStep> BeginAsync(PictureRequest request);

    /// <summary>How far the picture under this id is.</summary>
    Task<PictureStep> LookAsync(PictureRequest request, string taskId);

    /// <summary>When to look at a picture of this age again.</summary>
    TimeSpan LookAfter(TimeSpan age);
}
