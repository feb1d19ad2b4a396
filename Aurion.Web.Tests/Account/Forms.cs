using System.Net;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

/// <summary>The forms of accounts, filled in as a person would.</summary>
internal static class Forms
{
    public const string GoodPassword = "radium polonium 1898";

    public static Task<HttpResponseMessage> SignUpAsync(
        this TestClient browser, string email, string password = GoodPassword, string name = "", string returnUrl = "") =>
        browser.PostAsync("/account/sign-up", ("Input.Email", email), ("Input.Password", password), ("Input.FullName", name), ("ReturnUrl", returnUrl));

    public static Task<HttpResponseMessage> SignInAsync(
        this TestClient browser, string email, string password = GoodPassword, string returnUrl = "") =>
        browser.PostAsync("/account/sign-in", ("Input.Email", email), ("Input.Password", password), ("ReturnUrl", returnUrl));

    public static Task<HttpResponseMessage> ChangePasswordAsync(this TestClient browser, string current, string wanted) =>
        browser.PostAsync("/account/password", ("Input.Current", current), ("Input.Wanted", wanted));

    public static Task<HttpResponseMessage> AskForResetAsync(this TestClient browser, string email) =>
        browser.PostAsync("/account/forgotten", ("Input.Email", email));

    /// <summary>Posts from the same page, or from <c>/account</c> when the page has no form.</summary>
    public static async Task<HttpResponseMessage> PostAsync(this TestClient browser, string url, params (string Name, string Value)[] fields)
    {
        var token = await browser.FormTokenAsync(url.StartsWith("/account/sessions", StringComparison.Ordinal) ? "/account" : url, url);
        return await browser.SendFormAsync(url, [.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)), new("__RequestVerificationToken", token)]);
    }

    public static void AssertGoesTo(this HttpResponseMessage response, string address)
    {
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(address, response.Headers.Location?.OriginalString);
    }

    /// <summary>What the page says about a field: the text that the field itself points to.</summary>
    public static string? ErrorOf(this IHtmlDocument page, string field)
    {
        var input = page.QuerySelector($"[name='{field}']")!;
        return input.GetAttribute("aria-invalid") == "true"
            ? page.GetElementById(input.GetAttribute("aria-describedby")!.Split(' ')[0])!.TextContent.Trim()
            : null;
    }

    public static string? Refusal(this IHtmlDocument page) => page.QuerySelector("[role=alert]")?.TextContent.Trim();
}
