using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Control;

/// <summary>What goes wrong on purpose. Kept in memory: starting again means health.</summary>
public sealed class Faults
{
    private readonly Lock guard = new();
    private readonly List<CallFault> planned = [];

    /// <summary>Answer every API call with 503.</summary>
    public bool Unavailable { get; set; }
    /// <summary>Close every API connection without an answer.</summary>
    public bool Refusing { get; set; }
    /// <summary>Of 100 deliveries, how many are never made.</summary>
    public int LosePercent { get; set; }
    public int DuplicatePercent { get; set; }
    public int MisSignPercent { get; set; }
    /// <summary>Seconds (of the shared clock) by which each delivery is late.</summary>
    public int DelaySeconds { get; set; }
    /// <summary>Deliver what is waiting in random order.</summary>
    public bool Reorder { get; set; }
    /// <summary>Deliver nothing until this is off again.</summary>
    public bool Hold { get; set; }

    /// <summary>
    /// Lets the <paramref name="nth"/> call that matches <paramref name="call"/> fail, and the <paramref name="times"/> − 1 after it.
    /// <c>using var fault = stripe.Faults.OnCall("POST /v1/subscriptions/*", CallFaultKind.ErrorAfterEffect);</c>
    /// To fail each call of a use case in turn, raise <paramref name="nth"/> of <c>POST *</c> until <see cref="CallFault.Struck"/> stays 0.
    /// </summary>
    public CallFault OnCall(string call, CallFaultKind kind, int nth = 1, int times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        var fault = new CallFault(call, kind, nth, times, Remove);
        lock (guard)
            planned.Add(fault);
        return fault;
    }

    public IReadOnlyList<CallFault> Planned
    {
        get
        {
            lock (guard)
                return [.. planned];
        }
    }

    /// <summary>Ends all planned failures.</summary>
    public void ClearCalls()
    {
        foreach (var fault in Planned)
            fault.Dispose();
    }

    private void Remove(CallFault fault)
    {
        lock (guard)
            planned.Remove(fault);
    }

    // Every plan counts the call, also when another one has taken it.
    internal CallFault? Strike(HttpContext http)
    {
        var call = $"{http.Request.Method} {http.Request.Path}";
        lock (guard)
            return planned.FindAll(fault => fault.Strikes(call)).FirstOrDefault();
    }

    /// <summary>True when the call has been given its end before it did anything.</summary>
    internal async Task<bool> RefuseAsync(HttpContext http, CallFault? fault)
    {
        if (Refusing)
        {
            http.Abort();
            return true;
        }
        if (Unavailable || fault?.Kind == CallFaultKind.Unavailable)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"error":{"message":"Stripe is unavailable (the sandbox's control page says so).","type":"api_error"}}""");
            fault?.Met();
            return true;
        }
        if (fault?.Kind != CallFaultKind.TimeOut)
            return false;
        await fault.HoldAsync(http);
        return true;
    }

    internal static StripeError? ErrorOf(CallFault? fault) => fault?.Kind switch
    {
        CallFaultKind.Unauthorized => new(401, "invalid_request_error", "Expired API Key provided: sk_test_****", "api_key_expired"),
        CallFaultKind.Forbidden => new(403, "invalid_request_error", "The provided key 'sk_test_****' does not have the required permissions for this endpoint."),
        CallFaultKind.RateLimited => new(429, "invalid_request_error", "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.", "rate_limit"),
        _ => null,
    };
}
