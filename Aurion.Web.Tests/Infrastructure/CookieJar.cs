using Microsoft.Net.Http.Headers;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>Keeps cookies as browsers do on loopback, where Secure ones travel over plain HTTP, which CookieContainer refuses.</summary>
public sealed class CookieJar : DelegatingHandler
{
    private readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);

    /// <summary>A jar with the same cookies, for a browser that talks to another node.</summary>
    public CookieJar Copy()
    {
        var copy = new CookieJar();
        lock (cookies)
        {
            foreach (var (name, value) in cookies)
                copy[name] = value;
        }
        return copy;
    }

    public string? this[string name]
    {
        get => cookies.GetValueOrDefault(name);
        set => cookies[name] = value ?? throw new ArgumentNullException(nameof(value));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (cookies)
        {
            if (cookies.Count > 0)
                request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
            Keep(SetCookieHeaderValue.ParseList([.. set]));
        return response;
    }

    private void Keep(IEnumerable<SetCookieHeaderValue> set)
    {
        lock (cookies)
        {
            foreach (var cookie in set)
            {
                if (cookie.MaxAge <= TimeSpan.Zero || cookie.Expires < DateTimeOffset.UnixEpoch.AddDays(1))
                    cookies.Remove(cookie.Name.ToString());
                else
                    cookies[cookie.Name.ToString()] = cookie.Value.ToString();
            }
        }
    }
}
