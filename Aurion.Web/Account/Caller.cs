using System.Net;

namespace Aurion.Web.Account;

/// <summary>Where a request came from, as far as accounts care.</summary>
public sealed record Caller(IPAddress? Address, string? UserAgent, string? BrowserMark)
{
    private const int MaxUserAgent = 400;

    public static Caller Of(HttpContext context, string? browserMark = null) => new(
        context.Connection.RemoteIpAddress,
        context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent[..Math.Min(agent.Length, MaxUserAgent)] : null,
        browserMark);
}
