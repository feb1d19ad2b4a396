using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class PortalConfigurations
{
    public static void Map(StripeApi api)
    {
        api.Post("billing_portal/configurations", CreateAsync);
        api.Retrieve("billing_portal/configurations", "billing_portal.configuration");
        api.List("billing_portal/configurations", "billing_portal.configuration", ("active", "data->>'active'"), ("is_default", "data->>'is_default'"));
        api.Post("billing_portal/configurations/{id}", async call =>
        {
            var configuration = await call.Tx.GetAsync("billing_portal.configuration", call.Id);
            if (call.Params.Bool("active") is { } active)
                configuration["active"] = active;
            Read(call, configuration);
            configuration["updated"] = call.Tx.Now;
            call.Tx.Update("billing_portal.configuration.updated", configuration);
            return configuration;
        });
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        if (!call.Params.Has("features"))
            throw StripeError.MissingParam("features");
        var first = (await call.Tx.AllAsync("billing_portal.configuration")).Count == 0;
        var configuration = New(call.Tx, isDefault: first);
        Read(call, configuration);
        call.Tx.Create("billing_portal.configuration.created", configuration);
        return configuration;
    }

    private static JsonObject New(StripeTransaction tx, bool isDefault) => new()
    {
        ["id"] = Ids.New("bpc_1", 23),
        ["object"] = "billing_portal.configuration",
        ["active"] = true,
        ["application"] = null,
        ["business_profile"] = new JsonObject { ["headline"] = null, ["privacy_policy_url"] = null, ["terms_of_service_url"] = null },
        ["created"] = tx.Now,
        ["default_return_url"] = null,
        ["features"] = new JsonObject
        {
            ["customer_update"] = new JsonObject { ["allowed_updates"] = new JsonArray(), ["enabled"] = false },
            ["invoice_history"] = new JsonObject { ["enabled"] = false },
            ["payment_method_update"] = new JsonObject { ["enabled"] = false, ["payment_method_configuration"] = null },
            ["subscription_cancel"] = new JsonObject
            {
                ["cancellation_reason"] = new JsonObject { ["enabled"] = false, ["feedback_options"] = null, ["options"] = new JsonArray() },
                ["enabled"] = false,
                ["mode"] = "at_period_end",
                ["proration_behavior"] = "none",
            },
            ["subscription_pause"] = new JsonObject { ["duration"] = new JsonObject { ["interval_options"] = new JsonArray(), ["type"] = "indefinite" }, ["enabled"] = false },
            ["subscription_update"] = new JsonObject
            {
                ["billing_cycle_anchor"] = null,
                ["default_allowed_updates"] = new JsonArray(),
                ["enabled"] = false,
                ["products"] = null,
                ["proration_behavior"] = "none",
                ["schedule_at_period_end"] = new JsonObject { ["conditions"] = new JsonArray() },
                ["trial_update_behavior"] = "end_trial",
            },
        },
        ["is_default"] = isDefault,
        ["livemode"] = false,
        ["login_page"] = new JsonObject { ["enabled"] = false, ["url"] = null },
        ["metadata"] = new JsonObject(),
        ["name"] = null,
        ["updated"] = tx.Now,
    };

    private static void Read(Call call, JsonObject configuration)
    {
        var p = call.Params;
        p.CopyTo(configuration, "default_return_url", "name");
        p.Map("business_profile")?.CopyTo(configuration.Obj("business_profile")!, "headline", "privacy_policy_url", "terms_of_service_url");
        if (p.Has("metadata"))
            configuration["metadata"] = p.Metadata(configuration.Obj("metadata"));
        p.Accept("login_page");
        if (p.Map("features") is { } features)
            foreach (var name in features.Keys)
                Feature(features.Map(name)!, configuration.Obj("features").Obj(name) ?? throw StripeError.Invalid($"Received unknown parameter: features[{name}]", $"features[{name}]", "parameter_unknown"));
    }

    private static void Feature(Params p, JsonObject feature)
    {
        if (p.Bool("enabled") is { } enabled)
            feature["enabled"] = enabled;
        p.CopyTo(feature, "mode", "proration_behavior", "billing_cycle_anchor", "trial_update_behavior");
        if (p.Map("cancellation_reason") is { } reason)
        {
            var asked = feature.Obj("cancellation_reason")!;
            asked["enabled"] = reason.Bool("enabled") ?? asked.Bool("enabled");
            if (reason.Has("options"))
                asked["options"] = Json.Strings(reason.Texts("options"));
        }
        if (p.Has("products"))
            feature["products"] = new JsonArray([.. p.List("products").Select(Product)]);
        foreach (var list in new[] { "allowed_updates", "default_allowed_updates", "schedule_at_period_end" })
            if (p.Map(list) is { } given)
            {
                p.Accept(list);
                feature[list] = given.ToJson();
            }
    }

    private static JsonObject Product(Params p)
    {
        var quantity = p.MapOrEmpty("adjustable_quantity");
        return new JsonObject
        {
            ["adjustable_quantity"] = new JsonObject { ["enabled"] = quantity.Bool("enabled") ?? false, ["maximum"] = quantity.Long("maximum"), ["minimum"] = quantity.Long("minimum") ?? 1 },
            ["prices"] = Json.Strings(p.Texts("prices")),
            ["product"] = p.Required("product"),
        };
    }

    public static async Task<JsonObject> FindForAsync(StripeTransaction tx, string? wanted)
    {
        if (wanted is not null)
            return await tx.GetAsync("billing_portal.configuration", wanted, "configuration");
        return (await tx.AllAsync("billing_portal.configuration")).FirstOrDefault(c => c.Bool("is_default"))
            ?? throw StripeError.Invalid("No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal.");
    }
}
