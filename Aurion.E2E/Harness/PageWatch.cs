using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Aurion.E2E.Harness;

/// <summary>What goes wrong on a page without anybody looking: script errors, refused requests, other people's servers.</summary>
internal sealed class PageWatch
{
    // Chromium's own line for a refused request names no address; the response itself is watched instead.
    private const string RefusedRequest = "Failed to load resource: the server responded with a status of";

    private readonly ConcurrentQueue<string> faults = new();
    private readonly ConcurrentDictionary<int, bool> expected = new();
    private readonly ConcurrentBag<string> overlooked = [RefusedRequest];
    private readonly ConcurrentBag<string> attempted = [];

    public PageWatch(IPage page, IReadOnlySet<string> allowedOrigins)
    {
        page.PageError += (_, error) =>
        {
            if (!overlooked.Any(line => error.StartsWith(line, StringComparison.Ordinal)))
                faults.Enqueue($"{page.Url}: script error: {error}");
        };
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !overlooked.Any(line => message.Text.StartsWith(line, StringComparison.Ordinal)))
                faults.Enqueue($"{page.Url}: console error: {message.Text}");
        };
        page.Request += (_, request) =>
        {
            if (!IsAllowed(request.Url, allowedOrigins) && !attempted.Any(origin => request.Url.StartsWith(origin, StringComparison.Ordinal)))
                faults.Enqueue($"{page.Url}: a request to another origin: {request.Url}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400 && !expected.ContainsKey(response.Status))
                faults.Enqueue($"{page.Url}: {response.Request.Method} {response.Url} answered {response.Status}");
        };
    }

    public IReadOnlyCollection<string> Faults => faults;

    /// <summary>From here on this answer is no fault: the test is about it.</summary>
    public void Expect(int status) => expected[status] = true;

    /// <summary>From here on an attempt to reach this origin is no fault; the test sees to it that none succeeds.</summary>
    public void ExpectAttempts(string origin) => attempted.Add(origin);

    /// <summary>From here on a line of the console that begins like this is no fault.</summary>
    public void Overlook(string line) => overlooked.Add(line);

    private static bool IsAllowed(string url, IReadOnlySet<string> origins) =>
        new Uri(url) is var uri && (uri.Scheme is "data" or "blob" or "about" || origins.Contains(uri.GetLeftPart(UriPartial.Authority)));
}
