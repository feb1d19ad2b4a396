using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;

namespace Aurion.Bench;

/// <summary>
/// Answers of a model through the web, which stores and charges them, and straight from the provider's stand-in, which sends a piece each 15 ms:
/// when the first word is there, how fast the rest comes with 200 readers at once, and how long a long conversation takes to open.
/// </summary>
internal static class Streams
{
    /// <summary>The model of everybody's plan.</summary>
    public const string Model = "openai/gpt-4o-mini";

    private const int Readers = 200;
    private const int Pieces = 200;
    private const int Owners = 100;
    private const int SoakMinutes = 10;

    // The provider's stand-in repeats it, a piece a word.
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("word", Pieces));

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(BenchRun run)
    {
        var conversations = await ConverseAsync(run);
        return
        [
            .. await Scenarios.CompareAsync("stream", run, 1,
                new Side("first word through the web", Through(run, "word", untilFirst: true), run.Web),
                new Side("first word from the provider", Straight(run, "word", untilFirst: true))),
            .. await Scenarios.CompareAsync("stream", run, Readers,
                new Side($"{Readers} streams through the web, pieces", Through(run, Long), run.Web, PerCall: Pieces),
                new Side($"{Readers} streams from the provider, pieces", Straight(run, Long), PerCall: Pieces)),
            .. await Scenarios.CompareAsync("stream", run, 1,
                new Side("a conversation of 1,000 messages opens", Scenarios.SignedIn(run.Target.Web, [.. conversations.Select((id, i) => (run.Accounts.Tokens[i], $"/chat/{id}"))]), run.Web)),
        ];
    }

    /// <summary>200 streams without a pause for ten minutes: a line for each minute, with the memory at its end.</summary>
    public static async Task<IReadOnlyList<BenchRow>> SoakAsync(BenchRun run)
    {
        var (rows, read) = (new List<BenchRow>(), Through(run, Long));
        for (var minute = 1; minute <= SoakMinutes; minute++)
        {
            var load = await Load.RunAsync(Readers, 60, read);
            var memory = run.Web is { } web ? $", {WebProcess.Resident(web)} MB" : "";
            rows.Add(new("soak", $"pieces of {Readers} streams, minute {minute}{memory}", Readers, load.PerSecond * Pieces, load.Median, load.P99, load.Failed, null));
            Console.Error.WriteLine($"soak: {rows[^1].Side}, {rows[^1].PerSecond:N0} pieces/s, {load.Failed} failed");
        }
        return rows;
    }

    // Each answer to another person: nobody meets the limits of a minute and of a day.
    private static Func<int, Task<Func<Task<bool>>>> Through(BenchRun run, string text, bool untilFirst = false)
    {
        var http = new HttpClient { BaseAddress = run.Target.Web, Timeout = TimeSpan.FromMinutes(2) };
        var next = Random.Shared.Next(run.Accounts.Tokens.Count);
        return _ => Task.FromResult<Func<Task<bool>>>(() => ReadAsync(http, new HttpRequestMessage(HttpMethod.Post, "/api/ai-chat")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", run.Accounts.Tokens[(int)((uint)Interlocked.Increment(ref next) % run.Accounts.Tokens.Count)]) },
            Content = JsonContent.Create(new { message = "Repeat: " + text }),
        }, item => item.EventType == "delta", item => item.EventType == "end" && item.Data.Contains("\"done\"", StringComparison.Ordinal), untilFirst));
    }

    private static Func<int, Task<Func<Task<bool>>>> Straight(BenchRun run, string text, bool untilFirst = false)
    {
        var http = new HttpClient { BaseAddress = run.Target.OpenRouter, Timeout = TimeSpan.FromMinutes(2) };
        return _ => Task.FromResult<Func<Task<bool>>>(() => ReadAsync(http, new HttpRequestMessage(HttpMethod.Post, "/api/v1/chat/completions")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", run.Target.OpenRouterKey) },
            Content = JsonContent.Create(new { model = Model, stream = true, messages = new[] { new { role = "user", content = "Repeat: " + text } } }),
        }, item => item.Data.Contains("\"content\":\"word\"", StringComparison.Ordinal), item => item.Data == "[DONE]", untilFirst));
    }

    private static async Task<bool> ReadAsync(HttpClient http, HttpRequestMessage request, Func<SseItem<string>, bool> isFirst, Func<SseItem<string>, bool> isEnd, bool untilFirst)
    {
        using (request)
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (!answer.IsSuccessStatusCode)
                return false;
            await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
                if (untilFirst ? isFirst(item) : isEnd(item))
                    return true;
            return false;
        }
    }

    /// <summary>A conversation of 1,000 messages for each of some people; the ids.</summary>
    private static async Task<IReadOnlyList<Guid>> ConverseAsync(BenchRun run)
    {
        await using var source = run.Target.Connect(1);
        await using var converse = source.CreateCommand("""
            WITH conversation AS (
                INSERT INTO conversations (user_id, id, title, created_at, updated_at)
                SELECT owner, gen_random_uuid(), 'A long conversation', now(), now() FROM unnest($1) AS owner RETURNING user_id, id),
            message AS (
                INSERT INTO messages (user_id, id, conversation_id, parent_id, role, content, created_at, state, model_id, credits, closed_at)
                SELECT user_id, md5(id::text || n)::uuid, id, CASE WHEN n > 1 THEN md5(id::text || n - 1)::uuid END, CASE n % 2 WHEN 1 THEN 'user' ELSE 'assistant' END,
                       'Message ' || n || ' with **some** words and a `name`, as people and models write them.', now() + n * interval '1 millisecond',
                       CASE n % 2 WHEN 0 THEN 'done' END, CASE n % 2 WHEN 0 THEN 'openai/gpt-4o-mini' END, CASE n % 2 WHEN 0 THEN 1 END, CASE n % 2 WHEN 0 THEN now() END
                  FROM conversation, generate_series(1, 1000) AS n)
            SELECT c.id FROM conversation c JOIN unnest($1) WITH ORDINALITY AS o (owner, place) ON o.owner = c.user_id ORDER BY o.place
            """);
        converse.Parameters.Add(new() { Value = run.Accounts.Ids.Take(Owners).ToArray() });
        var ids = new List<Guid>();
        await using var rows = await converse.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            ids.Add(rows.GetGuid(0));
        return ids;
    }
}
