using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aurion.Web.Tests.Design;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>The API's errors in the language of whoever reads them.</summary>
public sealed class ApiLanguageTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Theory]
    [InlineData(null, "Insufficient credits", "This tool costs 50 credits and 49 are left.")]
    [InlineData("en-GB", "Insufficient credits", "This tool costs 50 credits and 49 are left.")]
    [InlineData("fr-CA, en;q=0.5", "Crédits insuffisants", "Cet outil coûte 50 crédits et il en reste 49.")]
    [InlineData("de, fr;q=0.8, en;q=0.5", "Crédits insuffisants", "Cet outil coûte 50 crédits et il en reste 49.")]
    public async Task Title_detail_and_message_follow_the_language_and_the_codes_stay(string? language, string title, string message)
    {
        var problem = await ProblemAsync(app.WithToken(await app.GivenUserAsync(credits: 49)), language, HttpStatusCode.Forbidden);

        Assert.Equal((title, message, message), (Text(problem, "title"), Text(problem, "detail"), Text(problem, "message")));
        Assert.Equal(("Insufficient credits", "INSUFFICIENT_CREDITS", 50), (Text(problem, "error"), Text(problem, "code"), problem.GetProperty("required").GetInt32()));
    }

    [Fact]
    public async Task Without_a_token_it_is_said_in_French_too()
    {
        var problem = await ProblemAsync(app.Anonymous(), "fr", HttpStatusCode.Unauthorized);

        Assert.Equal(("Authentification requise", "Authentication required", "AUTHENTICATION_FAILED"), (Text(problem, "title"), Text(problem, "error"), Text(problem, "code")));
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404, "Not found", "Introuvable")]
    [InlineData("GET", "/api/validate-tool-session", 405, "Method not allowed", "Méthode refusée")]
    [InlineData("POST", "/api/validate-tool-session", 400, "Bad request", "Requête incorrecte", "{")]
    [InlineData("POST", "/api/validate-tool-session", 415, "Unsupported media type", "Type de contenu non pris en charge", "{}", "text/plain")]
    [InlineData("POST", "/api/validate-tool-session", 413, "Payload too large", "Contenu trop volumineux")]
    [InlineData("POST", "/api/validate-tool-access", 500, "Internal error", "Erreur interne", """{"toolId":"text-editor"}""")]
    public async Task An_answer_that_no_endpoint_wrote_follows_too(
        string method, string address, int status, string english, string french, string? body = null, string contentType = "application/json")
    {
        var user = await app.GivenUserAsync();
        // Somebody without an account of credits is a fault of ours.
        if (status == 500)
            await app.ExecuteAsync("DELETE FROM user_credits WHERE user_id = @Id", user);
        foreach (var (language, title) in new[] { ("en", english), ("fr", french) })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));
            request.Headers.Add("Accept-Language", language);
            if (method == "POST")
                request.Content = new StringContent(body ?? new string(' ', 65 * 1024), Encoding.UTF8, contentType);

            var answer = await app.WithToken(user).Http.SendAsync(request);

            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((status, english, title), ((int)answer.StatusCode, Text(problem, "error"), Text(problem, "title")));
            Assert.Equal(language == "fr", Translations.French["ApiText"].ContainsValue(Text(problem, "message")!));
        }
    }

    [Fact]
    public async Task The_choice_of_the_person_comes_before_the_header()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(credits: 49));
        browser.Jar["lang"] = "fr";
        browser.Http.DefaultRequestHeaders.Add("RequestVerificationToken", await browser.FormTokenAsync("/account"));

        Assert.Equal("Crédits insuffisants", Text(await ProblemAsync(browser, "en", HttpStatusCode.Forbidden), "title"));
    }

    [Fact]
    public void Every_sentence_of_the_API_has_its_French()
    {
        var french = Translations.French["ApiText"];
        var said = Repository.Sources("Aurion.Web", ".cs").Where(source => source.Text.Contains("ApiProblem.Answer(", StringComparison.Ordinal) || source.Path.EndsWith("/ApiProblem.cs", StringComparison.Ordinal))
            .SelectMany(source => source.Text.Split('\n').Where(line => !line.Contains("LoggerMessage", StringComparison.Ordinal) && !line.Contains(".Fail(", StringComparison.Ordinal) && !line.Contains("throw ", StringComparison.Ordinal)))
            .SelectMany(line => Regex.Matches(line, "(?<!\\$)\"(?<text>(?:[A-Z][a-z]|toolId )[^\"]* [^\"]*[^\" ])\"", RegexOptions.None, TimeSpan.FromSeconds(5))).Select(match => match.Groups["text"].Value).Distinct().ToList();

        Assert.InRange(said.Count, 40, 200);
        Assert.All(said, sentence => Assert.Contains(sentence, (IDictionary<string, string>)french));
    }

    private static async Task<JsonElement> ProblemAsync(TestClient caller, string? language, HttpStatusCode status)
    {
        if (language is not null)
            caller.Http.DefaultRequestHeaders.Add("Accept-Language", language);
        var answer = await caller.PostJsonAsync("/api/validate-tool-access", new { toolId = "app-builder" });
        Assert.Equal(status, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static string? Text(JsonElement problem, string name) => problem.GetProperty(name).GetString();
}
