using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Aurion.Web.Tests.Billing;

/// <summary>A moment of a life: when it was, and what Stripe told us of it.</summary>
public sealed record Moment(DateTimeOffset At, IReadOnlyList<string> Events);

/// <summary>
/// What Stripe showed of one person at each moment of a life lived on the stand-in. Copies of that person live it again, each
/// under ids of its own, and read what Stripe showed at the moment at which they ask.
/// </summary>
public sealed partial class Recording
{
    private readonly ConcurrentDictionary<string, List<(int Moment, string Answer)>> answers = new(StringComparer.Ordinal);

    public List<Moment> Moments { get; } = [];

    /// <summary>Whom the recording is about.</summary>
    public Guid Person { get; set; }

    /// <summary>Every address that was ever asked, so that each moment can be kept whole.</summary>
    public ICollection<string> Addresses => answers.Keys;

    public void Note(string address) => answers.TryAdd(address, []);

    /// <summary>What an address answers from the moment that is being recorded on.</summary>
    public void Keep(string address, string answer)
    {
        var known = answers[address];
        if (known.Count == 0 || known[^1].Answer != Template(answer))
            known.Add((Moments.Count, Template(answer)));
    }

    public void Add(DateTimeOffset at, IEnumerable<string> events) => Moments.Add(new(at, [.. events.Select(Template)]));

    /// <summary>The last moment that lies no later than a time.</summary>
    public int At(DateTimeOffset time) => Moments.FindLastIndex(moment => moment.At <= time);

    public string? Answer(string address, int moment) =>
        answers.TryGetValue(address, out var known) && known.LastOrDefault(a => a.Moment <= moment) is { Answer: { } answer } ? answer : null;

    /// <summary>The text as it is for a copy.</summary>
    public static string For(int copy, Guid person, string template) =>
        template.Replace("¦", Suffix(copy), StringComparison.Ordinal).Replace("¤", person.ToString(), StringComparison.Ordinal);

    public static string Suffix(int copy) => $"-c{copy}z";

    private string Template(string text) =>
        Ids().Replace(text, "\"$1¦\"").Replace(Person.ToString(), "¤", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("""
        "((?:cus|sub|si|in|il|cs|ch|pi|re|du|evt|inpay)_[A-Za-z0-9_]+)"
        """, RegexOptions.None, 1000)]
    private static partial Regex Ids();
}

/// <summary>
/// Stripe as the application reaches it: what is asked about a copy comes from the recording, the rest from the stand-in. The
/// nightly reconciliation finds nothing there, for it would deliver what is meant to come late.
/// </summary>
public sealed partial class RecordedStripe(Recording recording, Func<int, int> momentOf, Func<int, Guid>? personOf, Func<string, string?>? finish) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!.PathAndQuery;
        if (personOf is not null && (address.StartsWith("/v1/events?", StringComparison.Ordinal) || address.StartsWith("/v1/subscriptions?", StringComparison.Ordinal)))
            return Says(HttpStatusCode.OK, """{"data":[],"has_more":false}""");
        if (CopyIn().Match(address) is not { Success: true } found)
        {
            if (request.Method == HttpMethod.Get && Kept().IsMatch(address))
                recording.Note(address);
            return await base.SendAsync(request, cancellationToken);
        }
        var copy = int.Parse(found.Groups[1].ValueSpan, null);
        var answer = recording.Answer(address.Replace(found.Value, "", StringComparison.Ordinal), momentOf(copy));
        return answer is null
            ? Says(HttpStatusCode.NotFound, """{"error":{"code":"resource_missing","type":"invalid_request_error"}}""")
            : finish!(Recording.For(copy, personOf!(copy), answer)) is { } body
                ? Says(HttpStatusCode.OK, body)
                : Says(HttpStatusCode.ServiceUnavailable, """{"error":{"type":"api_error"}}""");
    }

    private static HttpResponseMessage Says(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    [GeneratedRegex(@"-c(\d+)z", RegexOptions.None, 1000)]
    private static partial Regex CopyIn();

    [GeneratedRegex("^/v1/(subscriptions|invoices|checkout/sessions|charges|disputes|refunds|invoice_payments)[/?]", RegexOptions.None, 1000)]
    private static partial Regex Kept();
}
