using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Sandbox.Clerk;
using Aurion.Web.Account.Clerk;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Account.Clerk;

/// <summary>The application with Clerk as the place to sign in, beside Clerk's stand-in, which has no webhook until a test says so.</summary>
public class ClerkApp : AurionApp, IAsyncLifetime
{
    public const string Password = "radium polonium 1898";
    private const string Key = "sk_test_sandbox_tests";
    private static readonly string WebhookSecret = "whsec_" + Convert.ToBase64String(new byte[24]);

    private HttpClient clerk = null!;
    private int people;

    public ClerkStandIn Clerk { get; private set; } = null!;

    protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
    {
        ["CLERK_PUBLISHABLE_KEY"] = "pk_test_Y2xlcmsuZXhhbXBsZSQ",
        ["CLERK_SECRET_KEY"] = Key,
        ["CLERK_WEBHOOK_SIGNING_SECRET"] = WebhookSecret,
        ["CLERK_FRONTEND_API"] = Clerk.Address,
        ["CLERK_ACCOUNT_PORTAL"] = Clerk.Address,
        ["CLERK_API_BASE"] = Clerk.Address,
    };

    public override async Task InitializeAsync()
    {
        Clerk = await ClerkStandIn.StartAsync(new ClerkStandInOptions
        {
            SecretKey = Key,
            Web = "http://127.0.0.1:5080",
            Clock = Clock,
            WebhookSecret = WebhookSecret,
            WebhookRetries = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(50), 20)],
        });
        clerk = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Clerk.Address) };
        clerk.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        await base.InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        clerk.Dispose();
        await Clerk.DisposeAsync();
        await TestDatabases.DropAsync(OwnerConnectionString);
    }

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.PostConfigure<RateLimiterOptions>(options => options.GlobalLimiter = null);
        WithoutWorkers(services);
        // Of a machine that is busy, not of Clerk.
        services.AddSingleton(new ClerkPatience(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2)));
    }

    public T Service<T>() where T : notnull => Services.GetRequiredService<T>();

    public async Task RunJobAsync<TJob>() where TJob : IJob
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TJob>().RunAsync(CancellationToken.None);
    }

    public string NewEmail() => $"person{Interlocked.Increment(ref people)}@test.example";

    /// <summary>A switch of the stand-in's.</summary>
    public async Task<JsonElement> ControlAsync(string pathAndQuery, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, "/sandbox/" + pathAndQuery);
        using var answer = await clerk.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync() is { Length: > 0 } json ? JsonDocument.Parse(json).RootElement : default;
    }

    public Task WebhooksOnAsync(string more = "") => ControlAsync($"webhooks?url={Uri.EscapeDataString(new Uri(ClientOptions.BaseAddress, "/api/clerk-webhook").ToString())}{more}");

    public Task WebhooksOffAsync() => ControlAsync("webhooks?url=&lose=false&copies=1&misSign=false");

    /// <summary>The stand-in's Backend API, as its owner.</summary>
    public async Task<JsonElement> AtClerkAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await clerk.SendAsync(request);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Somebody who has an account at Clerk, and none here yet.</summary>
    public async Task<string> GivenAtClerkAsync(string? email, string? firstName = "Camille", string? lastName = "Martin") =>
        (await AtClerkAsync(HttpMethod.Post, "/v1/users", new { email_address = email is null ? null : new[] { email }, password = Password, first_name = firstName, last_name = lastName })).GetProperty("id").GetString()!;

    public async Task<string> AddEmailAsync(string subject, string email, bool verified = true, bool primary = true) =>
        (await AtClerkAsync(HttpMethod.Post, "/v1/email_addresses", new { user_id = subject, email_address = email, verified, primary })).GetProperty("id").GetString()!;

    /// <summary>As a person does it: our page, Clerk's page, and back. Returns the last answer of ours.</summary>
    public async Task<HttpResponseMessage> SignInAsync(TestClient browser, string email, string returnUrl = "", string password = Password)
    {
        var begun = await browser.GetAsync("/account/clerk/sign-in" + (returnUrl.Length > 0 ? "?returnUrl=" + Uri.EscapeDataString(returnUrl) : ""));
        if (begun.Headers.Location?.OriginalString.StartsWith(Clerk.Address, StringComparison.Ordinal) != true)
            return begun;
        var portal = await browser.Http.GetAsync(begun.Headers.Location);
        if (portal.StatusCode == HttpStatusCode.OK)
        {
            var back = System.Web.HttpUtility.ParseQueryString(begun.Headers.Location.Query)["redirect_url"]!;
            using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = email, ["password"] = password, ["redirect_url"] = back });
            portal = await browser.Http.PostAsync(new Uri(Clerk.Address + "/sign-in"), form);
        }
        return await FollowAsync(browser, portal);
    }

    /// <summary>Follows redirects between the two until one leads to a page of ours that is no step of the sign-in.</summary>
    public async Task<HttpResponseMessage> FollowAsync(TestClient browser, HttpResponseMessage answer)
    {
        for (var hops = 0; hops < 8; hops++)
        {
            var location = answer.Headers.Location?.OriginalString ?? "";
            if (!location.StartsWith(Clerk.Address, StringComparison.Ordinal) && !location.Contains("/account/clerk/return", StringComparison.Ordinal))
                return answer;
            // Ours is not where its public address says.
            answer = await browser.Http.GetAsync(location.StartsWith(Clerk.Address, StringComparison.Ordinal) ? new Uri(location) : new Uri(new Uri(location).PathAndQuery, UriKind.Relative));
        }
        throw new InvalidOperationException("The sign-in goes in circles.");
    }

    public Task<Guid> UserOfAsync(string subject) => ScalarAsync<Guid>("SELECT user_id FROM account_identities WHERE subject = @subject", new { subject });

    /// <summary>A token as Clerk's script in our page would get it, for the newest session of a user.</summary>
    public async Task<string> TokenAsync(string subject, string? template = null, string? origin = "http://127.0.0.1:5080")
    {
        var session = (await AtClerkAsync(HttpMethod.Get, "/v1/sessions?user_id=" + subject)).GetProperty("data")[0].GetProperty("id").GetString();
        return (await ControlAsync($"token?session={session}{(template is null ? "" : "&template=" + template)}{(origin is null ? "" : "&origin=" + Uri.EscapeDataString(origin))}")).GetProperty("jwt").GetString()!;
    }

    /// <summary>Any claims under Clerk's own key, as a template or another application of the instance could have them.</summary>
    public async Task<string> SignAsync(string category, object claims)
    {
        using var answer = await clerk.PostAsJsonAsync("/sandbox/sign?category=" + category, claims);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("jwt").GetString()!;
    }

    /// <summary>Signs somebody in at Clerk only; the id of the session there.</summary>
    public async Task<string> OpenSessionAsync(string email)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = email, ["password"] = Password, ["redirect_url"] = "http://127.0.0.1:5080/" });
        using var answer = await clerk.PostAsync("/sign-in", form);
        var user = (await AtClerkAsync(HttpMethod.Get, "/v1/users?email_address=" + Uri.EscapeDataString(email)))[0].GetProperty("id").GetString();
        return (await AtClerkAsync(HttpMethod.Get, "/v1/sessions?user_id=" + user)).GetProperty("data")[0].GetProperty("id").GetString()!;
    }

    public async Task<HttpResponseMessage> CallApiAsync(string token) => await WithToken(token).PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" });
}
