using System.Text;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Control;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>One call: its transaction, its parameters and the id in its path.</summary>
internal sealed record Call(StripeTransaction Tx, Params Params, string Id, HttpContext Http);

/// <summary>What every call has in common: the key, the form, expansion, errors, idempotency.</summary>
internal sealed class StripeApi(WebApplication app, StripeStore store, string secretKey, Faults faults)
{
    public const string Version = "2026-10-28.endive";

    public StripeStore Store => store;

    public void Get(string path, Func<Call, Task<JsonObject>> work) =>
        app.MapGet("/v1/" + path, (RequestDelegate)(http => AnswerAsync(http, async _ => (200, await ReadAsync(http, work)))));

    public void Retrieve(string path, string kind) => Get(path + "/{id}", call => call.Tx.GetAsync(kind, call.Id));

    public void List(string path, string kind, params (string Param, string Sql)[] filters) =>
        Get(path, call => Paging.PageAsync(call, "/v1/" + path, kind, filters));

    public void Post(string path, Func<Call, Task<JsonObject>> work) => app.MapPost("/v1/" + path, Writing(work));

    public void Delete(string path, Func<Call, Task<JsonObject>> work) => app.MapDelete("/v1/" + path, Writing(work));

    private RequestDelegate Writing(Func<Call, Task<JsonObject>> work)
    {
        async Task Answer(HttpContext http) => await AnswerAsync(http, async requestId => await WriteAsync(http, requestId, work));
        return Answer;
    }

    public void MapUnknown() => app.Map("/v1/{**rest}", http => AnswerAsync(http, _ => throw new StripeError(404, "invalid_request_error",
        $"Unrecognized request URL ({http.Request.Method}: {http.Request.Path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.")));

    private async Task AnswerAsync(HttpContext http, Func<string, Task<(int Status, JsonObject Body)>> work)
    {
        if (await faults.RefuseAsync(http))
            return;
        var requestId = Ids.New("req_", 14);
        http.Response.Headers["Request-Id"] = requestId;
        http.Response.Headers["Stripe-Version"] = http.Request.Headers["Stripe-Version"].FirstOrDefault() ?? Version;
        if (http.Request.Headers["Idempotency-Key"].FirstOrDefault() is { } key)
            http.Response.Headers["Idempotency-Key"] = key;
        try
        {
            Authenticate(http);
            var (status, body) = await work(requestId);
            await WriteAsync(http, status, body);
        }
        catch (StripeError e)
        {
            await WriteAsync(http, e.Status, e.Body(requestId));
        }
    }

    private static Task WriteAsync(HttpContext http, int status, JsonObject body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body.ToJsonString(Json.Indented));
    }

    private void Authenticate(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var key = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim()
            : header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? UserOf(header[6..]) : "";
        if (key.Length == 0)
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"Stripe\"";
            throw new StripeError(401, "invalid_request_error", "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.");
        }
        if (key != secretKey)
            throw new StripeError(401, "invalid_request_error", $"Invalid API Key provided: {Mask(key)}");
    }

    private static string UserOf(string base64)
    {
        Span<byte> bytes = stackalloc byte[512];
        return Convert.TryFromBase64String(base64.Trim(), bytes, out var length) ? Encoding.UTF8.GetString(bytes[..length]).Split(':')[0] : "";
    }

    private static string Mask(string key) => key.Length <= 12 ? "****" : $"{key[..8]}{new string('*', Math.Min(20, key.Length - 12))}{key[^4..]}";

    private Task<JsonObject> ReadAsync(HttpContext http, Func<Call, Task<JsonObject>> work) => store.ReadAsync(async tx =>
    {
        var p = Params.Parse(http.Request.QueryString.Value?.TrimStart('?') ?? "");
        return await FinishAsync(tx, p, await work(CallOf(http, tx, p)));
    });

    private async Task<(int, JsonObject)> WriteAsync(HttpContext http, string requestId, Func<Call, Task<JsonObject>> work)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        if (http.Request.QueryString.Value is { Length: > 1 } query)
            body = body.Length == 0 ? query[1..] : body + "&" + query[1..];
        if (http.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true)
            throw StripeError.Invalid("Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have questions, we can help at https://support.stripe.com/.");
        var key = http.Request.Headers["Idempotency-Key"].FirstOrDefault();
        var p = Params.Parse(body);
        async Task<JsonObject> Run(StripeTransaction tx) => await FinishAsync(tx, p, await work(CallOf(http, tx, p)));

        if (key is null || http.Request.Method != "POST")
            return (200, await store.WriteAsync(Run, requestId));
        return await Idempotency.OnceAsync(store, key, $"{http.Request.Path}?{body}", requestId, Run, () => http.Response.Headers["Idempotent-Replayed"] = "true");
    }

    private static Call CallOf(HttpContext http, StripeTransaction tx, Params p) => new(tx, p, http.Request.RouteValues["id"] as string ?? "", http);

    private static async Task<JsonObject> FinishAsync(StripeTransaction tx, Params p, JsonObject answer)
    {
        var expand = p.Texts("expand");
        p.RefuseUnread();
        var body = answer.Clone();
        await Expansion.ExpandAsync(tx, body, expand);
        return (JsonObject)Json.Public(body)!;
    }
}
