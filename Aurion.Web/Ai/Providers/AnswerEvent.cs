namespace Aurion.Web.Ai.Providers;

/// <summary>What a provider says while it answers: <see cref="Started"/>, texts, then one end. A refusal comes alone.</summary>
public abstract record AnswerEvent
{
    public sealed record Started(string? GenerationId) : AnswerEvent;

    public sealed record Text(string Content) : AnswerEvent;

    /// <summary>The functions that the model calls, told whole before the end.</summary>
    public sealed record Called(IReadOnlyList<FunctionCall> Calls) : AnswerEvent;

    /// <summary>The answer is complete, or has reached the length that was asked for.</summary>
    public sealed record Finished(bool IsCutByLength, ProviderUsage? Usage) : AnswerEvent;

    /// <summary>Refused, or broken in the middle; what came before it stays.</summary>
    public sealed record Failed(ProviderFault Fault, TimeSpan? RetryAfter = null, ProviderUsage? Usage = null) : AnswerEvent;
}

/// <summary>What the provider counted, and its cost in micro-dollars.</summary>
public sealed record ProviderUsage(int PromptTokens, int CompletionTokens, long CostMicrodollars);

/// <summary>Why a provider gave no answer, or half of one.</summary>
public enum ProviderFault
{
    /// <summary>Unreachable, overloaded, or broken on its side.</summary>
    Away,

    /// <summary>No answer, or no more of it, in time.</summary>
    TimedOut,

    /// <summary>The connection ended in the middle.</summary>
    Cut,

    /// <summary>Too many calls at this moment, by the rate or by the budget of running calls.</summary>
    Busy,

    /// <summary>The key is wrong: for the operator.</summary>
    KeyRefused,

    /// <summary>The operator's account has no money left.</summary>
    AccountDry,

    /// <summary>Moderation or a guardrail refused the content.</summary>
    Refused,

    /// <summary>More than the model can read.</summary>
    TooLong,

    /// <summary>The call itself was wrong, or the model is gone.</summary>
    Rejected,

    /// <summary>What came is none of the provider's format.</summary>
    Unreadable,

    /// <summary>The answer had no word, or no picture.</summary>
    Blank,

    /// <summary>An engine could not draw what it was asked for.</summary>
    NotDrawn,

    /// <summary>A picture was drawn and could not be fetched: its address had died, or the engine knows it no longer.</summary>
    Lost,
}
