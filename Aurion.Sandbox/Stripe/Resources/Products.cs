using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

internal static class Products
{
    public static void Map(StripeApi api)
    {
        api.Post("products", CreateAsync);
        api.Retrieve("products", "product");
        api.Post("products/{id}", UpdateAsync);
        api.Delete("products/{id}", DeleteAsync);
        api.List("products", "product", ("active", "data->>'active'"), ("ids", "id"), ("url", "data->>'url'"));
    }

    private static async Task<JsonObject> CreateAsync(Call call)
    {
        var (tx, p) = (call.Tx, call.Params);
        var id = p.Text("id") ?? Ids.New("prod_", 14);
        if (await tx.FindAsync(id) is not null)
            throw StripeError.Invalid("Product already exists.", "id", "resource_already_exists");
        var product = New(tx, p.Required("name"), p.Metadata(), id);
        Read(p, product);
        tx.Create("product.created", product);
        if (p.Map("default_price_data") is { } data)
        {
            product["default_price"] = Prices.Create(tx, data, id).Id();
            tx.Update("product.updated", product);
        }
        return product;
    }

    public static JsonObject New(StripeTransaction tx, string name, JsonObject metadata, string? id = null) => new()
    {
        ["id"] = id ?? Ids.New("prod_", 14),
        ["object"] = "product",
        ["active"] = true,
        ["created"] = tx.Now,
        ["default_price"] = null,
        ["description"] = null,
        ["images"] = new JsonArray(),
        ["livemode"] = false,
        ["marketing_features"] = new JsonArray(),
        ["metadata"] = metadata,
        ["name"] = name,
        ["package_dimensions"] = null,
        ["shippable"] = null,
        ["statement_descriptor"] = null,
        ["tax_code"] = null,
        ["tax_details"] = null,
        ["type"] = "service",
        ["unit_label"] = null,
        ["updated"] = tx.Now,
        ["url"] = null,
    };

    private static async Task<JsonObject> UpdateAsync(Call call)
    {
        var product = await call.Tx.GetAsync("product", call.Id);
        call.Params.CopyTo(product, "name", "default_price");
        Read(call.Params, product);
        if (call.Params.Has("metadata"))
            product["metadata"] = call.Params.Metadata(product.Obj("metadata"));
        product["updated"] = call.Tx.Now;
        call.Tx.Update("product.updated", product);
        return product;
    }

    private static void Read(Params p, JsonObject product)
    {
        p.CopyTo(product, "description", "statement_descriptor", "tax_code", "unit_label", "url");
        if (p.Bool("active") is { } active)
            product["active"] = active;
        if (p.Has("images"))
            product["images"] = Json.Strings(p.Texts("images"));
        if (p.Has("marketing_features"))
            product["marketing_features"] = p.Map("marketing_features")!.ToJson();
        p.Accept("type", "shippable", "package_dimensions");
    }

    private static async Task<JsonObject> DeleteAsync(Call call)
    {
        var product = await call.Tx.GetAsync("product", call.Id);
        if ((await call.Tx.AllAsync("price")).Any(price => price.Str("product") == call.Id))
            throw StripeError.Invalid("This product cannot be deleted because it has one or more user-created prices.");
        call.Tx.Emit("product.deleted", product);
        product.Clear();
        product["id"] = call.Id;
        product["object"] = "product";
        product["deleted"] = true;
        call.Tx.Save(product);
        return product;
    }
}
