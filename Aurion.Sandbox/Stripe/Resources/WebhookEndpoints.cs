using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class WebhookEndpoints
{
    public static void Map(StripeApi api)
    {
        api.Post("webhook_endpoints", call => Task.FromResult(Create(call)));
        api.Retrieve("webhook_endpoints", "webhook_endpoint");
        api.Post("webhook_endpoints/{id}", UpdateAsync);
        api.Delete("webhook_endpoints/{id}", async call =>
        {
            var endpoint = await call.Tx.GetAsync("webhook_endpoint", call.Id);
            endpoint.Clear();
            endpoint["id"] = call.Id;
            endpoint["object"] = "webhook_endpoint";
            endpoint["deleted"] = true;
            call.Tx.Save(endpoint);
            return endpoint;
        });
        api.List("webhook_endpoints", "webhook_endpoint");
    }

    private static JsonObject Create(Call call)
    {
        var p = call.Params;
        var url = p.Required("url");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw StripeError.Invalid("Not a valid URL", "url", "url_invalid");
        var types = p.Texts("enabled_events");
        if (types.Count == 0)
            throw StripeError.MissingParam("enabled_events");
        p.Accept("connect");
        var endpoint = New(call.Tx, Ids.New("we_1", 23), url, types, Ids.New("whsec_", 32), p.Text("description"), p.Metadata());
        endpoint["api_version"] = p.Text("api_version");
        call.Tx.Add(endpoint);
        var shown = endpoint.Clone();
        shown["secret"] = endpoint.Str("_secret");
        return shown;
    }

    public static JsonObject New(StripeTransaction tx, string id, string url, IEnumerable<string> types, string secret, string? description, JsonObject metadata) => new()
    {
        ["id"] = id,
        ["object"] = "webhook_endpoint",
        ["api_version"] = null,
        ["application"] = null,
        ["created"] = tx.Now,
        ["description"] = description,
        ["enabled_events"] = Json.Strings(types),
        ["livemode"] = false,
        ["metadata"] = metadata,
        ["status"] = "enabled",
        ["url"] = url,
        ["_secret"] = secret,
    };

    private static async Task<JsonObject> UpdateAsync(Call call)
    {
        var (p, endpoint) = (call.Params, await call.Tx.GetAsync("webhook_endpoint", call.Id));
        p.CopyTo(endpoint, "url", "description");
        if (p.Texts("enabled_events") is { Count: > 0 } types)
            endpoint["enabled_events"] = Json.Strings(types);
        if (p.Bool("disabled") is { } disabled)
            endpoint["status"] = disabled ? "disabled" : "enabled";
        if (p.Has("metadata"))
            endpoint["metadata"] = p.Metadata(endpoint.Obj("metadata"));
        call.Tx.Save(endpoint);
        return endpoint;
    }
}
