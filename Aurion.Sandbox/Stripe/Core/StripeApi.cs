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
        app.MapGet("/v1/" + path, (RequestDelegate)(http => AnswerAsync(http, async (_, fault) => fault is { Kind: CallFaultKind.Error or CallFaultKind.ErrorAfterEffect } ? throw StripeError.Internal() : (200, await ReadAsync(http, work)))));

    public void Retrieve(string path, string kind) => Get(path + "/{id}", call => call.Tx.GetAsync(kind, call.Id));

    public void List(string path, string kind, params (string Param, string Sql)[] filters) =>
        Get(path, call => Paging.PageAsync(call, "/v1/" + path, kind, filters));

    public void Post(string path, Func<Call, Task<JsonObject>> work) => app.MapPost("/v1/" + path, Writing(work));

    public void Delete(string path, Func<Call, Task<JsonObject>> work) => app.MapDelete("/v1/" + path, Writing(work));

    private RequestDelegate Writing(Func<Call, Task<JsonObject>> work)
    {
        async Task Answer(HttpContext http) => await AnswerAsync(http, async (requestId, fault) => await WriteAsync(http, requestId, work, fault));
        return Answer;
    }

    public void MapUnknown() => app.Map("/v1/{**rest}", http => AnswerAsync(http, (_, _) => throw new StripeError(404, "invalid_request_error",
        $"Unrecognized request URL ({http.Request.Method}: {http.Request.Path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.")));

    private async Task AnswerAsync(HttpContext http, Func<string, CallFault?, Task<(int Status, JsonObject Body)>> work)
    {
        var fault = faults.Strike(http);
        if (await faults.RefuseAsync(http, fault))
            return;
        var requestId = Ids.New("req_", 14);
        http.Response.Headers["Request-Id"] = requestId;
        http.Response.Headers["Stripe-Version"] = Version;
        if (http.Request.Headers["Idempotency-Key"].FirstOrDefault() is { } key)
            http.Response.Headers["Idempotency-Key"] = key;
        try
        {
            Authenticate(http);
            RefuseOtherVersions(http);
            if (Faults.ErrorOf(fault) is { } error)
                throw error;
            var (status, body) = await work(requestId, fault);
            await FinishAsync(http, fault, status, body);
        }
        catch (StripeError e)
        {
            await FinishAsync(http, fault, e.Status, e.Body(requestId));
        }
    }

    private static async Task FinishAsync(HttpContext http, CallFault? fault, int status, JsonObject body)
    {
        fault?.Met();
        if (fault?.Kind == CallFaultKind.TimeOutAfterEffect)
            await fault.HoldAsync(http);
        else if (fault?.Kind == CallFaultKind.AnswerLost)
            http.Abort();
        else
            await WriteAsync(http, status, body);
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

    // The stand-in knows one shape of every object: whoever asks for another version would be given what that version is not.
    private static void RefuseOtherVersions(HttpContext http)
    {
        if (http.Request.Headers["Stripe-Version"].FirstOrDefault() is { } asked && asked != Version)
            throw StripeError.Invalid($"The sandbox speaks Stripe's API version {Version} and no other; this call asks for '{asked}'.");
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
        return await ExpandAsync(tx, p, await work(CallOf(http, tx, p)));
    });

    private async Task<(int, JsonObject)> WriteAsync(HttpContext http, string requestId, Func<Call, Task<JsonObject>> work, CallFault? fault)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        if (http.Request.QueryString.Value is { Length: > 1 } query)
            body = body.Length == 0 ? query[1..] : body + "&" + query[1..];
        if (http.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true)
            throw StripeError.Invalid("Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have questions, we can help at https://support.stripe.com/.");
        var key = http.Request.Headers["Idempotency-Key"].FirstOrDefault();
        var p = Params.Parse(body);
        async Task<(int, JsonObject)> Run(StripeTransaction tx)
        {
            if (fault?.Kind == CallFaultKind.Error)
                throw StripeError.Internal();
            try
            {
                var answer = await ExpandAsync(tx, p, await work(CallOf(http, tx, p)));
                return fault?.Kind == CallFaultKind.ErrorAfterEffect ? (500, StripeError.Internal().Body(requestId)) : (200, answer);
            }
            catch (StripeError e) when (e.KeepsChanges && fault?.Kind == CallFaultKind.ErrorAfterEffect)
            {
                return (500, StripeError.Internal().Body(requestId));
            }
        }

        if (key is null || http.Request.Method != "POST")
            return await store.WriteAsync(Run, requestId);
        return await Idempotency.OnceAsync(store, key, http.Request.Path, body, requestId, Run, () => http.Response.Headers["Idempotent-Replayed"] = "true");
    }

    private static Call CallOf(HttpContext http, StripeTransaction tx, Params p) => new(tx, p, http.Request.RouteValues["id"] as string ?? "", http);

    private static async Task<JsonObject> ExpandAsync(StripeTransaction tx, Params p, JsonObject answer)
    {
        var expand = p.Texts("expand");
        p.RefuseUnread();
        var body = answer.Clone();
        await Expansion.ExpandAsync(tx, body, expand);
        return Json.FirstTen((JsonObject)Json.Public(body)!);
    }
}
