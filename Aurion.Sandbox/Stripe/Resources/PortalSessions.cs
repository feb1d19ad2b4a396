using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class PortalSessions
{
    /// <summary>The real link is good for five minutes until it is opened, and for an hour after.</summary>
    public const long OpenFor = 3600;

    public static void Map(StripeApi api) => api.Post("billing_portal/sessions", async call =>
    {
        var (tx, p) = (call.Tx, call.Params);
        var customer = await tx.GetCustomerAsync(p.Required("customer"));
        var configuration = await PortalConfigurations.FindForAsync(tx, p.Text("configuration"));
        var id = Ids.New("bps_1", 23);
        var session = new JsonObject
        {
            ["id"] = id,
            ["object"] = "billing_portal.session",
            ["configuration"] = configuration.Id(),
            ["created"] = tx.Now,
            ["customer"] = customer.Id(),
            ["customer_account"] = null,
            ["flow"] = p.Map("flow_data") is { } flow ? Flow(flow) : null,
            ["livemode"] = false,
            ["locale"] = p.Text("locale"),
            ["on_behalf_of"] = null,
            ["return_url"] = p.Text("return_url") ?? configuration.Str("default_return_url"),
            ["url"] = $"{tx.PublicUrl}/p/session/{id}",
        };
        tx.Create("billing_portal.session.created", session);
        return session;
    });

    private static JsonObject Flow(Params p)
    {
        string[] types = ["customer_update", "payment_method_update", "subscription_cancel", "subscription_pause", "subscription_update", "subscription_update_confirm"];
        var type = p.OneOf("type", types) ?? throw StripeError.MissingParam($"{p.Path}[type]");
        var after = p.MapOrEmpty("after_completion");
        var flow = new JsonObject
        {
            ["after_completion"] = new JsonObject
            {
                ["hosted_confirmation"] = after.Map("hosted_confirmation") is { } confirmation ? new JsonObject { ["custom_message"] = confirmation.Text("custom_message") } : null,
                ["redirect"] = after.Map("redirect") is { } redirect ? new JsonObject { ["return_url"] = redirect.Required("return_url") } : null,
                ["type"] = after.OneOf("type", "hosted_confirmation", "portal_homepage", "redirect") ?? "portal_homepage",
            },
        };
        foreach (var name in types.Where(t => t != "payment_method_update"))
            flow[name] = name == type ? p.Map(name)?.ToJson() ?? new JsonObject() : null;
        flow["type"] = type;
        return flow;
    }
}
