using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe;
using Npgsql;

namespace Aurion.Sandbox.Tests.Stripe;

/// <summary>The Stripe stand-in on a database of its own, with an endpoint that receives its webhooks and a clock that can be moved.</summary>
public class StripeShop : IAsyncLifetime
{
    public const string Key = "sk_test_sandbox_tests";
    public const string Secret = "whsec_sandbox_tests";
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private string database = "";

    public TestClock Clock { get; } = new();
    public StripeStandIn Stripe { get; private set; } = null!;
    public WebhookReceiver Hooks { get; private set; } = null!;
    protected virtual bool RunsByItself => false;
    protected virtual DateTimeOffset? StartsAt => null;

    public async Task InitializeAsync()
    {
        if (StartsAt is { } start)
            Clock.StopAt(start);
        database = await (await TestPostgres.ServerAsync()).CreateDatabaseAsync();
        Hooks = await WebhookReceiver.StartAsync(() => Clock.GetUtcNow());
        await StartAsync();
    }

    private async Task StartAsync() => Stripe = await StripeStandIn.StartAsync(new StripeStandInOptions
    {
        OwnerConnectionString = database,
        SecretKey = Key,
        WebhookSecret = Secret,
        WebhookUrl = Hooks.Url,
        Clock = Clock,
        AdvanceClock = Clock.Advance,
        RunInBackground = RunsByItself,
    });

    public async Task RestartAsync()
    {
        await Stripe.DisposeAsync();
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await Stripe.DisposeAsync();
        await Hooks.DisposeAsync();
        await (await TestPostgres.ServerAsync()).DropDatabaseAsync(new NpgsqlConnectionStringBuilder(database).Database!);
    }

    public Task<StripeAnswer> GetAsync(string path, string key = Key) => SendAsync(HttpMethod.Get, path, null, key, null);

    public Task<StripeAnswer> PostAsync(string path, object? form = null, string? idempotencyKey = null) => SendAsync(HttpMethod.Post, path, form, Key, idempotencyKey);

    public Task<StripeAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null, Key, null);

    public async Task<StripeAnswer> SendAsync(HttpMethod method, string path, object? form, string key, string? idempotencyKey)
    {
        using var request = new HttpRequestMessage(method, $"{Stripe.Address}/v1/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (form is not null)
            request.Content = new FormUrlEncodedContent(Fields(form));
        using var response = await Http.SendAsync(request);
        return new StripeAnswer((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject(), response.Headers.ToString());
    }

    /// <summary>An object whose creation must succeed.</summary>
    public async Task<JsonObject> MakeAsync(string path, object? form = null)
    {
        var answer = await PostAsync(path, form);
        Assert.True(answer.Status == 200, answer.Body.ToJsonString());
        return answer.Body;
    }

    public async Task<JsonObject> ReadAsync(string path)
    {
        var answer = await GetAsync(path);
        Assert.True(answer.Status == 200, answer.Body.ToJsonString());
        return answer.Body;
    }

    private static IEnumerable<KeyValuePair<string, string>> Fields(object form) => form as IEnumerable<KeyValuePair<string, string>>
        ?? form.GetType().GetProperties().Select(p => KeyValuePair.Create(p.Name, Convert.ToString(p.GetValue(form), System.Globalization.CultureInfo.InvariantCulture) ?? ""));

    public static IEnumerable<KeyValuePair<string, string>> Form(params (string Name, object Value)[] fields) =>
        fields.Select(f => KeyValuePair.Create(f.Name, Convert.ToString(f.Value, System.Globalization.CultureInfo.InvariantCulture) ?? ""));

    public async Task<JsonObject> GivenPriceAsync(long amount, string interval = "month", string name = "Plan")
    {
        var product = await MakeAsync("products", new { name });
        return await MakeAsync("prices", Form(("product", product.Id()), ("unit_amount", amount), ("currency", "usd"), ("recurring[interval]", interval)));
    }

    /// <summary>A customer whose default card is the given one.</summary>
    public async Task<JsonObject> GivenCustomerAsync(string card = "pm_card_visa")
    {
        var customer = await MakeAsync("customers", new { email = "ann@test.example" });
        await GiveCardAsync(customer.Id(), card);
        return customer;
    }

    public async Task GiveCardAsync(string customer, string card)
    {
        var method = await MakeAsync($"payment_methods/{card}/attach", new { customer });
        await MakeAsync("customers/" + customer, Form(("invoice_settings[default_payment_method]", method.Id())));
    }

    public Task<JsonObject> GivenSubscriptionAsync(JsonObject customer, JsonObject price) =>
        MakeAsync("subscriptions", Form(("customer", customer.Id()), ("items[0][price]", price.Id())));

    public Task<JsonObject> OpenCheckoutAsync(JsonObject price, params (string, object)[] more) => MakeAsync("checkout/sessions", Form([
        ("mode", "subscription"), ("line_items[0][price]", price.Id()), ("line_items[0][quantity]", 1),
        ("success_url", "https://shop.example/done?session={CHECKOUT_SESSION_ID}"), ("cancel_url", "https://shop.example/plans"), .. more]));

    /// <summary>Fills in the card page as a person would.</summary>
    public Task<PageAnswer> PayAsync(JsonObject session, string card = "4242424242424242", string? language = null) =>
        PostPageAsync(session.Text("url"), new { email = "ann@test.example", number = card, expiration = "12 / 34", cvc = "123", name = "Ann Example" }, language);

    public async Task<PageAnswer> PostPageAsync(string url, object form, string? language = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Absolute(url)) { Content = new FormUrlEncodedContent(Fields(form)) };
        return await PageAsync(request, language);
    }

    public async Task<PageAnswer> GetPageAsync(string url, string? language = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Absolute(url));
        return await PageAsync(request, language);
    }

    private string Absolute(string url) => url.StartsWith('/') ? Stripe.Address + url : url;

    private static async Task<PageAnswer> PageAsync(HttpRequestMessage request, string? language)
    {
        if (language is not null)
            request.Headers.AcceptLanguage.ParseAdd(language);
        using var response = await Http.SendAsync(request);
        return new PageAnswer((int)response.StatusCode, response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Time passes, everything due happens at its time, and all webhooks arrive.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await Stripe.AdvanceAsync(by);
        await Stripe.DeliverAsync();
    }
}

public sealed record StripeAnswer(int Status, JsonObject Body, string Headers)
{
    public JsonObject Error => Body["error"]!.AsObject();
}

public sealed record PageAnswer(int Status, string? Location, string Html);

internal static class Reading
{
    public static string Id(this JsonNode node) => node.Text("id");

    public static string Text(this JsonNode? node, string path) => node.At(path)?.ToString() ?? "";

    public static long Number(this JsonNode? node, string path) => node.At(path)!.GetValue<long>();

    public static JsonNode? At(this JsonNode? node, string path) => path.Split('.').Aggregate(node, (at, name) => int.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out var index) ? at?[index] : at?[name]);

    public static IReadOnlyList<JsonObject> Data(this JsonNode node, string path = "data") => [.. node.At(path)!.AsArray().Select(n => n!.AsObject())];
}
