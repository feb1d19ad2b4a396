using System.IO.Enumeration;

namespace Aurion.Sandbox.Stripe.Control;

/// <summary>How one API call fails.</summary>
public enum CallFaultKind
{
    /// <summary>503; nothing was changed and nothing is kept under the idempotency key.</summary>
    Unavailable,
    /// <summary>Nothing was changed, and no answer comes.</summary>
    TimeOut,
    /// <summary>The call took effect, and no answer comes.</summary>
    TimeOutAfterEffect,
    /// <summary>The call took effect, and the connection ends before the answer.</summary>
    AnswerLost,
    /// <summary>500 without an effect; kept for 24 hours under the idempotency key, as Stripe does.</summary>
    Error,
    /// <summary>500 after the call took effect; kept for 24 hours under the idempotency key, as Stripe does.</summary>
    ErrorAfterEffect,
    /// <summary>401: the key was revoked.</summary>
    Unauthorized,
    /// <summary>403: the key may not do this.</summary>
    Forbidden,
    /// <summary>429: too many calls; limits come before idempotency, so nothing is kept.</summary>
    RateLimited,
}

/// <summary>A planned failure of the n-th call that matches, and of those that follow it. Disposing it ends it and lets go of the calls that it holds.</summary>
public sealed class CallFault : IDisposable
{
    private readonly Action<CallFault> remove;
    private readonly CancellationTokenSource ended = new();
    private readonly TaskCompletionSource firstStruck = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal CallFault(string call, CallFaultKind kind, int nth, int times, Action<CallFault> remove)
    {
        (Call, Kind, Nth, Times, this.remove) = (call, kind, nth, times, remove);
        Ended = ended.Token;
    }

    /// <summary>Method and path, such as <c>POST /v1/subscriptions/*</c>; <c>*</c> stands for any characters.</summary>
    public string Call { get; }
    public CallFaultKind Kind { get; }
    /// <summary>The first matching call that fails, counted from 1.</summary>
    public int Nth { get; }
    /// <summary>How many matching calls fail from there on. A client that retries by itself needs as many as it tries.</summary>
    public int Times { get; }
    /// <summary>How many calls matched so far.</summary>
    public int Seen { get; private set; }
    /// <summary>How many of them failed.</summary>
    public int Struck { get; private set; }
    /// <summary>Ends when the first call has met its fault, after its effect where it has one.</summary>
    public Task FirstStruck => firstStruck.Task;
    internal CancellationToken Ended { get; }

    internal bool TakesEffect => Kind is CallFaultKind.TimeOutAfterEffect or CallFaultKind.AnswerLost or CallFaultKind.ErrorAfterEffect;

    internal bool Strikes(string call)
    {
        if (!FileSystemName.MatchesSimpleExpression(Call, call))
            return false;
        Seen++;
        if (Seen < Nth || Seen - Nth >= Times)
            return false;
        Struck++;
        return true;
    }

    internal void Met() => firstStruck.TrySetResult();

    /// <summary>Gives no answer until the client gives up or the fault is ended.</summary>
    internal async Task HoldAsync(HttpContext http)
    {
        Met();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, Ended);
        await Task.Delay(Timeout.Infinite, either.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        http.Abort();
    }

    public void Dispose()
    {
        remove(this);
        ended.Cancel();
    }
}
