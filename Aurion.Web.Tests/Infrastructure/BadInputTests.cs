using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>Whatever is sent to the API, the answer says what is wrong and is never a 500.</summary>
public sealed class BadInputTests(UnlimitedApp app) : IClassFixture<UnlimitedApp>
{
    private static readonly string[] JsonEndpoints = ["/api/validate-tool-access", "/api/validate-tool-session", "/api/create-checkout", "/api/ai-chat", "/api/generate-image"];

    private static readonly string[] Malformed =
    [
        "", " ", "{", "}", "[", "[]", "[1", "null", "true", "42", "-", "\"text\"", "{}", "{\"", "{\"toolId\"}", "{\"toolId\":}",
        "{\"toolId\":\"a\"", "{\"toolId\":\"a\",}", "{toolId:\"a\"}", "{'toolId':'a'}", "{\"toolId\":1}", "{\"toolId\":true}",
        "{\"toolId\":null}", "{\"toolId\":[\"a\"]}", "{\"toolId\":{\"a\":1}}", "{\"toolId\":1e400}", "{\"toolId\":NaN}", "{\"toolId\":\"a\"}{}",
        "// a\n{\"toolId\":\"a\"}", "{\"toolId\":\"a\nb\"}", "{\"toolId\":\"\\x\"}", "{\"toolId\":\"\\u00\"}", "{\"toolId\":\"\\ud800\"}",
        "{\"toolId\":\"\\u0000\"}", "{\"toolId\":\"app-builder\\u0000\"}", "{\"plan\":\"starter\\u0000\",\"interval\":\"month\"}",
        "{\"sessionToken\":\"a\\u0000b\"}", "toolId=app-builder", "<toolId>a</toolId>",
        new string('[', 5000), "{\"toolId\":" + new string('[', 500) + new string(']', 500) + "}", "\u0000", "\uFEFF",
    ];

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var endpoint in JsonEndpoints)
            {
                for (var number = 0; number < Malformed.Length; number++)
                    cases.Add(endpoint, number);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Malformed_JSON_is_400(string endpoint, int number)
    {
        var client = app.WithToken(await app.GivenUserAsync());

        var response = await client.PostTextAsync(endpoint, Malformed[number]);

        // The tool's own call answers for its token before anything else.
        if (endpoint == "/api/validate-tool-session" && response.StatusCode == HttpStatusCode.Unauthorized)
            return;
        await AssertProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/api/validate-tool-access")]
    [InlineData("/api/validate-tool-session")]
    [InlineData("/api/create-checkout")]
    public async Task Bytes_that_are_no_text_are_400(string endpoint)
    {
        var client = app.WithToken(await app.GivenUserAsync());

        foreach (var bytes in new byte[][] { [0x7b, 0x22, 0xff, 0xfe, 0x22], Encoding.Unicode.GetBytes("{\"toolId\":\"a\"}"), [0x1f, 0x8b, 8, 0], [0xc0, 0x80] })
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("application/json");
            await AssertProblemAsync(await client.Http.PostAsync(new Uri(endpoint, UriKind.Relative), content), HttpStatusCode.BadRequest);
        }
    }

    [Theory]
    [InlineData("/api/validate-tool-access", 65 * 1024)]
    [InlineData("/api/validate-tool-session", 65 * 1024)]
    [InlineData("/api/create-checkout", 65 * 1024)]
    [InlineData("/api/stripe-webhook", 1025 * 1024)]
    public async Task An_oversized_body_is_413_whether_its_length_is_declared_or_not(string endpoint, int size)
    {
        var client = app.WithToken(await app.GivenUserAsync());
        var body = JsonSerializer.SerializeToUtf8Bytes(new { toolId = new string('a', size) });

        using var declared = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        await AssertProblemAsync(await client.Http.PostAsync(new Uri(endpoint, UriKind.Relative), declared), HttpStatusCode.RequestEntityTooLarge);

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = true;
        await AssertProblemAsync(await client.Http.SendAsync(request), HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("/api/validate-tool-access")]
    [InlineData("/api/validate-tool-session")]
    [InlineData("/api/create-checkout")]
    [InlineData("/api/stripe-webhook")]
    public async Task A_wrong_method_is_405_and_says_which_is_right(string endpoint)
    {
        var client = app.WithToken(await app.GivenUserAsync());

        foreach (var method in new[] { "GET", "PUT", "DELETE", "PATCH", "FROB" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(endpoint, UriKind.Relative));
            var response = await client.Http.SendAsync(request);
            await AssertProblemAsync(response, HttpStatusCode.MethodNotAllowed);
            Assert.Equal("POST", Assert.Single(response.Content.Headers.Allow));
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    public async Task Another_content_type_is_415(string contentType)
    {
        var client = app.WithToken(await app.GivenUserAsync());

        await AssertProblemAsync(await client.PostTextAsync("/api/validate-tool-access", "{\"toolId\":\"app-builder\"}", contentType), HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/")]
    [InlineData("/api/nothing")]
    [InlineData("/api/validate-tool-access/more")]
    [InlineData("/API/nothing")]
    [InlineData("/api/%ff%fe")]
    public async Task An_unknown_address_of_the_API_is_404(string address)
    {
        await AssertProblemAsync(await app.Anonymous().GetAsync(address), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/tools/..%2f..%2fetc%2fpasswd")]
    [InlineData("/tools/%ff%fe")]
    public async Task An_unknown_page_is_404_in_HTML(string address)
    {
        var response = await app.SignedInAs(await app.GivenUserAsync()).GetAsync(address);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty((await response.ReadHtmlAsync()).QuerySelectorAll("h1"));
    }

    [Theory]
    [InlineData("/api/%00")]
    [InlineData("/tools/%00")]
    public async Task U0000_in_an_address_is_refused_by_the_server_itself(string address)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Anonymous().GetAsync(address)).StatusCode);
    }

    public static TheoryData<string?, string> UnreadableForms => new()
    {
        { "multipart/form-data", "abc" },
        { "multipart/form-data; boundary=", "abc" },
        { $"multipart/form-data; boundary={new string('x', 300)}", $"--{new string('x', 300)}\r\n\r\nx" },
        { "multipart/form-data; boundary=AaB", "--AaB\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhalf" },
        { "multipart/form-data; boundary=AaB", $"--AaB\r\nContent-Disposition: form-data; name=\"a\"; x={new string('y', 20_000)}\r\n\r\nx\r\n--AaB--\r\n" },
        { "multipart/form-data; boundary=AaB", "--AaB\r\n\r\nx\r\n--AaB--\r\n" },
        { "application/x-www-form-urlencoded", string.Join('&', Enumerable.Range(0, 2000).Select(key => $"k{key}=1")) },
        { "application/x-www-form-urlencoded", new string('k', 5000) + "=1" },
        { "application/x-www-form-urlencoded", "Input.Email=%zz%&Input.Password=%" },
        { "application/x-www-form-urlencoded", "Input.Email=a%00b%40x.example&Input.Password=%00" },
        { "application/x-www-form-urlencoded; charset=utf-16", "a\0=\0b\0" },
        { "application/x-www-form-urlencoded; charset=utf-7", "a=+ADw-" },
        { "application/x-www-form-urlencoded; charset=\"UTF-7\"", "a=+ADw-" },
        { "application/x-www-form-urlencoded; charset=klingon", "a=b" },
        { null, "a=b" },
        { "application/json", "{\"a\":1}" },
    };

    [Theory]
    [MemberData(nameof(UnreadableForms))]
    public async Task A_form_that_cannot_be_read_is_refused_and_is_no_fault_of_ours(string? contentType, string body)
    {
        foreach (var page in new[] { "/account/sign-in", "/account/sign-up", "/preferences/theme", "/billing/checkout" })
        {
            using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
            if (contentType is not null)
                content.Headers.TryAddWithoutValidation("Content-Type", contentType);

            var response = await app.Anonymous().Http.PostAsync(new Uri(page, UriKind.Relative), content);

            Assert.InRange((int)response.StatusCode, 300, 499);
        }
    }

    [Theory]
    [InlineData("\"utf-8\"", HttpStatusCode.OK)]
    [InlineData("UTF-8", HttpStatusCode.OK)]
    [InlineData("utf-7", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("klingon", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("utf8mb4", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_charset_may_be_quoted_and_must_be_known(string charset, HttpStatusCode status)
    {
        var client = app.WithToken(await app.GivenUserAsync());
        foreach (var endpoint in JsonEndpoints)
        {
            using var content = new StringContent("{\"toolId\":\"text-editor\",\"sessionToken\":\"x\",\"plan\":\"starter\",\"interval\":\"month\"}");
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");

            var response = await client.Http.PostAsync(new Uri(endpoint, UriKind.Relative), content);

            if (endpoint == "/api/validate-tool-access" || status != HttpStatusCode.OK)
                Assert.Equal(status, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("\uFFFE")]
    [InlineData("\uFDD0")]
    [InlineData("\U0001FFFF")]
    [InlineData("a\u0301")]
    public async Task Characters_that_are_none_are_searched_for_and_typed_as_passwords_like_any_other(string odd)
    {
        var browser = app.Anonymous();

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/tools?q={Uri.EscapeDataString(odd)}&category={Uri.EscapeDataString(odd)}")).StatusCode);
        var signIn = await browser.PostFormAsync("/account/sign-in", new Dictionary<string, string> { ["Input.Email"] = "odd@test.example", ["Input.Password"] = $"lanterne{odd}violette" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, signIn.StatusCode);
        var signUp = await browser.PostFormAsync("/account/sign-up", new Dictionary<string, string>
        {
            ["Input.Email"] = $"odd{(int)odd[0]}@test.example",
            ["Input.Password"] = $"lanterne{odd}violette",
        });
        Assert.Equal(HttpStatusCode.Redirect, signUp.StatusCode);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(body);
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        foreach (var member in new[] { "title", "error", "code", "message" })
            Assert.NotEqual("", problem.RootElement.GetProperty(member).GetString());
        Assert.DoesNotContain("   at ", body);
    }
}
