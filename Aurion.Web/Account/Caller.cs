using System.Net;

namespace Aurion.Web.Account;

/// <summary>Where a request came from; <paramref name="KnownBrowser"/> is the id of a browser that signed in to the account before.</summary>
public sealed record Caller(IPAddress? Address, string? UserAgent, string? KnownBrowser)
{
    private const int MaxUserAgent = 400;

    public static Caller Of(HttpContext context, string? knownBrowser = null) => new(
        context.Connection.RemoteIpAddress,
        context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent[..Math.Min(agent.Length, MaxUserAgent)] : null,
        knownBrowser);
}
