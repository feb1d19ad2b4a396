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
            ["flow"] = p.Map("flow_data")?.ToJson(),
            ["livemode"] = false,
            ["locale"] = p.Text("locale"),
            ["on_behalf_of"] = null,
            ["return_url"] = p.Text("return_url") ?? configuration.Str("default_return_url"),
            ["url"] = $"{tx.PublicUrl}/p/session/{id}",
        };
        p.Accept("flow_data");
        tx.Create("billing_portal.session.created", session);
        return session;
    });
}
