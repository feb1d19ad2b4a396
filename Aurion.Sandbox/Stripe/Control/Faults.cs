namespace Aurion.Sandbox.Stripe.Control;

/// <summary>What goes wrong on purpose. Kept in memory: starting again means health.</summary>
public sealed class Faults
{
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

    internal async Task<bool> RefuseAsync(HttpContext http)
    {
        if (Refusing)
        {
            http.Abort();
            return true;
        }
        if (!Unavailable)
            return false;
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync("""{"error":{"message":"Stripe is unavailable (the sandbox's control page says so).","type":"api_error"}}""");
        return true;
    }
}
