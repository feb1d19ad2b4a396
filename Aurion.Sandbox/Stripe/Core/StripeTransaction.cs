using System.Text.Json.Nodes;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>
/// One unit of work: objects are loaded once, changed in memory and written together with the events they caused.
/// Events reach an endpoint only from rows that this transaction committed.
/// </summary>
internal sealed class StripeTransaction(NpgsqlConnection? connection, NpgsqlTransaction? transaction, long now, string publicUrl) : IAsyncDisposable
{
    private readonly Dictionary<string, JsonObject> loaded = [];
    private readonly Dictionary<string, JsonObject> baselines = [];
    private readonly List<string> dirty = [];
    private readonly HashSet<string> saved = [];
    private readonly List<JsonObject> events = [];
    private bool discarded;

    /// <summary>The time of this change: the clock's, the due time of what is being caught up on, or a test clock's.</summary>
    public long Now { get; set; } = now;
    /// <summary>The shared clock's time, whatever time this change is lived at.</summary>
    public long Clock { get; init; } = now;
    public string? TestClock { get; private set; }
    public string PublicUrl => publicUrl;
    public string? RequestId { get; init; }
    public string? IdempotencyKey { get; init; }
    public IReadOnlyList<JsonObject> Events => events;

    /// <summary>True while history is made up in memory: nothing is read from the database and nobody is told.</summary>
    public bool Seeding => connection is null;

    public async Task<JsonObject?> FindAsync(string? id)
    {
        if (id is null || loaded.TryGetValue(id, out var known))
            return id is null ? null : loaded[id];
        if (connection is null)
            return null;
        var text = await connection.QuerySingleOrDefaultAsync<string>("SELECT data::text FROM objects WHERE id = @id", new { id }, transaction);
        return text is null ? null : Remember((JsonObject)JsonNode.Parse(text)!);
    }

    public async Task<JsonObject> GetAsync(string kind, string id, string? param = null)
    {
        var found = await FindAsync(id);
        // Of what was deleted only a customer can still be read.
        if (found is null || found.Str("object") != kind || (found.Bool("deleted") && kind != "customer"))
            throw StripeError.NoSuch(kind, id, param);
        return found;
    }

    /// <summary>The customer, whose test clock (if any) becomes the time of this transaction.</summary>
    public async Task<JsonObject> GetCustomerAsync(string id, string param = "customer")
    {
        var customer = await GetAsync("customer", id, param);
        if (customer.Bool("deleted"))
            throw StripeError.NoSuch("customer", id, param);
        await FollowClockAsync(customer.Str("test_clock"));
        return customer;
    }

    public async Task FollowClockAsync(string? testClock)
    {
        if (testClock is null || TestClock is not null)
            return;
        var clock = await GetAsync("test_helpers.test_clock", testClock, "test_clock");
        TestClock = testClock;
        Now = clock.LongOrNull("_time") ?? clock.Long("frozen_time");
    }

    public Task<IReadOnlyList<JsonObject>> OfCustomerAsync(string kind, string customer) =>
        QueryAsync("SELECT data::text FROM objects WHERE customer = @customer AND object = @kind ORDER BY created, seq", kind, customer);

    public Task<IReadOnlyList<JsonObject>> AllAsync(string kind) =>
        QueryAsync("SELECT data::text FROM objects WHERE object = @kind ORDER BY created, seq", kind, null);

    private async Task<IReadOnlyList<JsonObject>> QueryAsync(string sql, string kind, string? customer)
    {
        if (connection is not null)
            foreach (var text in await connection.QueryAsync<string>(sql, new { kind, customer }, transaction))
                Remember((JsonObject)JsonNode.Parse(text)!);
        return [.. loaded.Values
            .Where(o => o.Str("object") == kind && (customer is null || CustomerOf(o) == customer))
            .OrderBy(CreatedOf)];
    }

    /// <summary>Objects by a query of the caller's, as the database has them.</summary>
    public async Task<IReadOnlyList<JsonObject>> SelectAsync(string sql, object parameters) =>
        [.. (await connection!.QueryAsync<string>(sql, parameters, transaction)).Select(text => Remember((JsonObject)JsonNode.Parse(text)!))];

    private JsonObject Remember(JsonObject o)
    {
        if (loaded.TryGetValue(o.Id(), out var known))
            return known;
        baselines[o.Id()] = o.Clone();
        return loaded[o.Id()] = o;
    }

    public void Add(JsonObject o)
    {
        loaded[o.Id()] = o;
        Save(o);
    }

    public void Save(JsonObject o)
    {
        if (saved.Add(o.Id()))
            dirty.Add(o.Id());
    }

    /// <summary>Makes an object known without reading it.</summary>
    public void Preload(JsonObject o) => loaded[o.Id()] = o;

    /// <summary>Changes an object that is known to be loaded.</summary>
    public void Assigned(string id, Action<JsonObject> change)
    {
        change(loaded[id]);
        Save(loaded[id]);
    }

    /// <summary>Adds the object and tells the endpoints.</summary>
    public void Create(string type, JsonObject o)
    {
        Add(o);
        Emit(type, o);
    }

    public void Emit(string type, JsonObject o, JsonObject? previous = null)
    {
        if (Seeding)
            return;
        baselines[o.Id()] = o.Clone();
        var data = new JsonObject { ["object"] = Json.FirstTen((JsonObject)Json.Public(o)!) };
        if (previous is not null)
            data["previous_attributes"] = Json.Public(previous);
        events.Add(new JsonObject
        {
            ["id"] = Ids.New("evt_1", 23),
            ["object"] = "event",
            ["api_version"] = StripeApi.Version,
            ["created"] = Now,
            ["data"] = data,
            ["livemode"] = false,
            ["pending_webhooks"] = 0,
            ["request"] = new JsonObject { ["id"] = RequestId, ["idempotency_key"] = IdempotencyKey },
            ["type"] = type,
        });
    }

    /// <summary>Saves the object and, if anything visible differs from what was last told, tells what changed and from what.</summary>
    public void Update(string type, JsonObject o)
    {
        Save(o);
        var previous = baselines.TryGetValue(o.Id(), out var before) ? Difference.Before(before, o) : null;
        if (previous is null or { Count: > 0 })
            Emit(type, o, previous);
    }

    public async Task<StoredAnswer?> FindAnswerAsync(string key, long since) =>
        await connection!.QuerySingleOrDefaultAsync<StoredAnswer>("SELECT request, status, body FROM idempotency WHERE key = @key AND created >= @since", new { key, since }, transaction);

    public Task KeepAnswerAsync(string key, string request, int status, string body) => connection!.ExecuteAsync("""
        INSERT INTO idempotency (key, request, status, body, created) VALUES (@key, @request, @status, @body, @Clock)
        ON CONFLICT (key) DO UPDATE SET request = excluded.request, status = excluded.status, body = excluded.body, created = excluded.created
        """, new { key, request, status, body, Clock }, transaction);

    /// <summary>Forgets what this transaction has changed so far.</summary>
    public void Undo()
    {
        foreach (var id in dirty)
            loaded.Remove(id);
        dirty.Clear();
        saved.Clear();
        events.Clear();
    }

    /// <summary>Whatever happens from here on is only thought through, never written.</summary>
    public void Discard() => discarded = true;

    public async Task CommitAsync()
    {
        if (discarded)
            return;
        await WriteAsync();
        await transaction!.CommitAsync();
    }

    private async Task WriteAsync()
    {
        var endpoints = events.Count == 0 ? [] : (await AllAsync("webhook_endpoint")).Where(e => e.Str("status") == "enabled" && !e.Bool("deleted")).ToList();
        var deliveries = new List<(string Event, string Endpoint)>();
        foreach (var e in events)
        {
            foreach (var endpoint in endpoints.Where(p => p.Arr("enabled_events").Any(t => (string?)t is "*" || (string?)t == e.Str("type"))))
                deliveries.Add((e.Id(), endpoint.Id()));
            e["pending_webhooks"] = deliveries.Count(d => d.Event == e.Id());
        }
        await SaveAsync(connection!, transaction!, [.. dirty.Select(id => loaded[id]), .. events], TestClock);
        if (deliveries.Count > 0)
            await connection!.ExecuteAsync("""
                INSERT INTO deliveries (event_id, endpoint_id, next_attempt_at)
                SELECT e, p, @Clock FROM unnest(@e, @p) AS d(e, p)
                """, new { Clock, e = deliveries.Select(d => d.Event).ToArray(), p = deliveries.Select(d => d.Endpoint).ToArray() }, transaction);
    }

    /// <summary>What was made up while seeding, for the seed's writer.</summary>
    public IEnumerable<JsonObject> Changed => dirty.Select(id => loaded[id]);

    private static async Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<JsonObject> objects, string? testClock)
    {
        if (objects.Count == 0)
            return;
        await using var command = new NpgsqlCommand("""
            INSERT INTO objects (id, object, created, customer, due_at, test_clock, data)
            SELECT id, object, created, customer, due_at, @clock, data::json
              FROM unnest(@ids, @kinds, @created, @customers, @due, @data) WITH ORDINALITY AS o(id, object, created, customer, due_at, data, n)
             ORDER BY n
            ON CONFLICT (id) DO UPDATE
               SET data = excluded.data, customer = excluded.customer, due_at = excluded.due_at,
                   test_clock = coalesce(excluded.test_clock, objects.test_clock)
            """, connection, transaction);
        command.Parameters.Add(new NpgsqlParameter("clock", NpgsqlDbType.Text) { Value = (object?)testClock ?? DBNull.Value });
        command.Parameters.AddWithValue("ids", objects.Select(o => o.Id()).ToArray());
        command.Parameters.AddWithValue("kinds", objects.Select(o => o.Str("object")!).ToArray());
        command.Parameters.AddWithValue("created", objects.Select(CreatedOf).ToArray());
        command.Parameters.AddWithValue("customers", objects.Select(CustomerOf).ToArray());
        command.Parameters.AddWithValue("due", objects.Select(Due.At).ToArray());
        command.Parameters.AddWithValue("data", objects.Select(o => o.Text()).ToArray());
        await command.ExecuteNonQueryAsync();
    }

    // An invoice item has a date in its place.
    private static long CreatedOf(JsonObject o) => o.LongOrNull("created") ?? o.Long("date");

    public static string? CustomerOf(JsonObject o) => o.Str("customer") ?? o.Str("_customer") ?? (o.Str("object") == "event" ? o.Obj("data").Obj("object").Str("customer") : null);

    public ValueTask DisposeAsync() => transaction?.DisposeAsync() ?? ValueTask.CompletedTask;
}

internal sealed record StoredAnswer(string Request, int Status, string Body);
