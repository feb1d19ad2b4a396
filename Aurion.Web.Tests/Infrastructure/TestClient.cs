using System.Net.Http.Headers;
using System.Net.Http.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>A browser without scripts: keeps cookies, follows nothing, and carries the antiforgery token of the page it posts from.</summary>
public sealed class TestClient(HttpClient http, CookieJar jar)
{
    private const string TokenField = "__RequestVerificationToken";

    public HttpClient Http { get; } = http;

    public CookieJar Jar { get; } = jar;

    public Task<HttpResponseMessage> GetAsync(string url) => Http.GetAsync(new Uri(url, UriKind.Relative));

    public async Task<IHtmlDocument> GetPageAsync(string url)
    {
        var response = await GetAsync(url);
        response.EnsureSuccessStatusCode();
        return await response.ReadHtmlAsync();
    }

    /// <summary>Posts as the form on <paramref name="from"/> would (the same address when left out), token included.</summary>
    public async Task<HttpResponseMessage> PostFormAsync(string url, object? fields = null, string? from = null, bool htmx = false)
    {
        var form = fields is IEnumerable<KeyValuePair<string, string>> named ? [.. named] : fields?.GetType().GetProperties()
            .Select(field => KeyValuePair.Create(field.Name, Convert.ToString(field.GetValue(fields), null)!)).ToList() ?? [];
        form.Add(new(TokenField, await FormTokenAsync(from ?? url, url)));
        return await SendFormAsync(url, form, htmx);
    }

    /// <summary>Posts exactly these fields, without any token.</summary>
    public async Task<HttpResponseMessage> SendFormAsync(string url, IEnumerable<KeyValuePair<string, string>> fields, bool htmx = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, UriKind.Relative)) { Content = new FormUrlEncodedContent(fields) };
        if (htmx)
            request.Headers.Add("HX-Request", "true");
        return await Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostJsonAsync(string url, object body) => Http.PostAsJsonAsync(new Uri(url, UriKind.Relative), body);

    /// <summary>Posts this very text as application/json.</summary>
    public async Task<HttpResponseMessage> PostTextAsync(string url, string body, string contentType = "application/json")
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return await Http.PostAsync(new Uri(url, UriKind.Relative), content);
    }

    /// <summary>
    /// The antiforgery token of the page's form that posts to <paramref name="action"/> (to the page itself when left out), or of any
    /// form where there is none such, for what no form would send; its cookie is in the jar afterwards.
    /// </summary>
    public async Task<string> FormTokenAsync(string url, string? action = null)
    {
        var page = await (await GetAsync(url)).ReadHtmlAsync();
        var form = page.QuerySelectorAll("form[method=post]").FirstOrDefault(form => PathOf(form.GetAttribute("action") ?? url) == PathOf(action ?? url));
        return (form ?? page.DocumentElement).QuerySelector<IHtmlInputElement>($"input[name={TokenField}]")?.Value
            ?? throw new InvalidOperationException($"The form of {url} that posts to {action ?? url} has no antiforgery token.");
    }

    private static string PathOf(string url) => url.Split('?')[0];
}

public static class ResponseExtensions
{
    public static async Task<IHtmlDocument> ReadHtmlAsync(this HttpResponseMessage response) =>
        await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync());
}
