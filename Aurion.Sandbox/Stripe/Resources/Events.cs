using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class Events
{
    public static void Map(StripeApi api)
    {
        api.Retrieve("events", "event");
        api.Get("events", call =>
        {
            var filters = new List<(string, string)> { ("types", "data->>'type'") };
            var also = "TRUE";
            // "invoice.*" takes a whole family; anything but these characters cannot be a type.
            if (call.Params.Text("type") is { } type)
                also = type.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '*')
                    ? $"data->>'type' LIKE '{type.Replace("_", "\\_", StringComparison.Ordinal).Replace('*', '%')}'"
                    : "FALSE";
            if (call.Params.Bool("delivery_success") is { } success)
                also += $" AND {(success ? "NOT " : "")}EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = objects.id AND d.state <> 'delivered')";
            return Paging.PageAsync(call, "/v1/events", "event", filters, also);
        });
    }
}
