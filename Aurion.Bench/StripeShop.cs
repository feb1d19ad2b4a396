using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Aurion.Bench;

/// <summary>Makes customers and subscriptions in the sandbox's Stripe, whose own deliveries are held back meanwhile.</summary>
internal sealed class StripeShop(BenchTarget target) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = target.Stripe };

    /// <summary>From here on only the benchmark delivers events.</summary>
    public Task LoseDeliveriesAsync(bool lose) => http.PostAsJsonAsync("/control/faults", new { lose = lose ? 100 : 0 });

    /// <summary>The ids of a subscription that is paid and of its invoice and customer.</summary>
    public async Task<(string Subscription, string Invoice, string Customer)> SubscribeAsync(Guid user, string price)
    {
        var customer = await MakeAsync("customers", ("metadata[aurion_user]", user.ToString()));
        var card = await MakeAsync("payment_methods/pm_card_visa/attach", ("customer", Id(customer)));
        await MakeAsync("customers/" + Id(customer), ("invoice_settings[default_payment_method]", Id(card)));
        var subscription = await MakeAsync("subscriptions", ("customer", Id(customer)), ("items[0][price]", price), ("metadata[aurion_user]", user.ToString()));
        return (Id(subscription), subscription.GetProperty("latest_invoice").GetString()!, Id(customer));
    }

    public async Task<string> PriceAsync(string lookupKey)
    {
        using var request = Request(HttpMethod.Get, "prices?lookup_keys[]=" + lookupKey);
        using var answer = await http.SendAsync(request);
        return Id((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data")[0]);
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonElement> MakeAsync(string path, params (string Name, string Value)[] form)
    {
        using var request = Request(HttpMethod.Post, path);
        request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await http.SendAsync(request);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    private HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, "/v1/" + path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", target.StripeSecretKey) } };

    private static string Id(JsonElement made) => made.GetProperty("id").GetString()!;
}
