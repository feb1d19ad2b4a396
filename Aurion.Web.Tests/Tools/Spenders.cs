using System.Net;
using System.Net.Http.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>
/// People who spend at a site that fails under them: each has two programs, which together want more than is there, go on asking
/// until the trouble is over, and repeat each launch under its own key until it is answered.
/// </summary>
internal sealed class Spenders(AurionApp books, Func<TestUser, HttpClient> call)
{
    public const int People = 32;
    private const int Launches = 3;
    private const int Credits = 25;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private volatile bool calm;
    private int interrupted;

    /// <summary>How many answers were lost.</summary>
    public int Lost => interrupted;

    /// <summary>Spends while <paramref name="disturb"/> runs, then checks that each key was taken once and nothing was taken twice.</summary>
    public async Task SpendAsync(Func<Task> disturb)
    {
        var people = new List<TestUser>();
        for (var i = 0; i < People; i++)
            people.Add(await books.GivenUserAsync(Credits));

        var spending = Task.WhenAll(people.SelectMany(person => new[] { SpendAsync(person, "a"), SpendAsync(person, "b") }));
        await disturb();
        calm = true;
        var answered = (await spending).SelectMany(keys => keys).ToList();

        var booked = await books.QueryAsync<string>("SELECT operation_id FROM usage_logs WHERE action_type LIKE 'launch_tool_%'");
        Assert.Equal(People * Credits / 5, answered.Count);
        Assert.Equal(answered.Order(StringComparer.Ordinal), booked.Order(StringComparer.Ordinal));
        Assert.Equal(0, await books.ScalarAsync<int>("SELECT sum(total_credits - used_credits)::int FROM user_credits WHERE user_id = ANY (@ids)", new { ids = people.Select(p => p.Id).ToArray() }));
        Assert.Empty(await books.QueryAsync<string>("SELECT user_id || ' ' || seq || ' ' || fault FROM ledger_faults()"));
    }

    /// <summary>The keys that were answered with an open tool.</summary>
    private async Task<IReadOnlyList<string>> SpendAsync(TestUser person, string program)
    {
        using var http = call(person);
        var answered = new List<string>();
        for (var i = 0; i < Launches || !calm; i++)
        {
            var key = $"{person.Id}-{program}-{i}";
            if (await LaunchAsync(http, key) == HttpStatusCode.OK)
                answered.Add("launch:" + key);
            await Task.Delay(Random.Shared.Next(0, 1500));
        }
        return answered;
    }

    private async Task<HttpStatusCode> LaunchAsync(HttpClient http, string key)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/validate-tool-access", UriKind.Relative))
            {
                Headers = { { "Idempotency-Key", key } },
                Content = JsonContent.Create(new { toolId = "text-editor", newSession = true }),
            };
            try
            {
                using var answer = await http.SendAsync(request, patience.Token);
                if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Forbidden)
                    return answer.StatusCode;
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                Assert.NotNull(answer.Headers.RetryAfter);
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref interrupted);
            }
            await Task.Delay(400, patience.Token);
        }
    }
}
