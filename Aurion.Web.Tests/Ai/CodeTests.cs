using System.IO.Compression;
using System.Net;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Ai;

/// <summary>Programs: a conversation of their own tool, files that can be taken along, and a page that can be tried and reaches nothing.</summary>
public sealed class CodeTests(ChatApp app) : IClassFixture<ChatApp>
{
    [Fact]
    public async Task A_program_costs_its_tools_price_and_is_listed_under_it_alone()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);
        var beginning = await browser.GetPageAsync("/code");
        Assert.Contains(CodeInstructions.Languages, language => beginning.QuerySelector("#language")!.TextContent.Contains(language, StringComparison.Ordinal));
        Assert.Contains("5 credits", beginning.QuerySelector("#send")!.TextContent, StringComparison.Ordinal);

        var (conversation, _) = await WriteAsync(user, "Write a page for a shopping list");

        Assert.Equal(95, await app.SpendableAsync(user));
        Assert.Equal("use_tool_code-generation", await app.ScalarAsync<string>("SELECT action_type FROM usage_logs WHERE user_id = @Id AND credits_used = 5", new { user.Id }));
        Assert.Contains(conversation.ToString(), (await browser.GetPageAsync("/code")).QuerySelector(".convos")!.InnerHtml, StringComparison.Ordinal);
        Assert.DoesNotContain(conversation.ToString(), (await browser.GetPageAsync("/chat")).QuerySelector(".convos")!.InnerHtml, StringComparison.Ordinal);
        Assert.Equal($"/code/{conversation}?at={conversation}", (await browser.GetAsync($"/chat/{conversation}?at={conversation}")).Headers.Location?.OriginalString);
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task The_files_of_an_answer_are_taken_along_and_its_page_is_tried_in_a_sandbox()
    {
        var (user, stranger) = (await app.GivenUserAsync(100), app.SignedInAs(await app.GivenUserAsync(100)));
        var browser = app.SignedInAs(user);

        var (conversation, answer) = await WriteAsync(user, "Write a page for a shopping list");

        var files = (await browser.GetPageAsync($"/code/{conversation}")).QuerySelector(".files")!;
        Assert.Contains("index.html", files.TextContent, StringComparison.Ordinal);
        Assert.NotNull(files.QuerySelector($"a[href='/chat/answer/{answer}/preview'][rel=noopener]"));
        var file = await browser.GetAsync($"/chat/answer/{answer}/files/1");
        Assert.Equal(("attachment", "application/octet-stream"), (file.Content.Headers.ContentDisposition?.DispositionType, file.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith("<!doctype html>", await file.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var zip = new ZipArchive(await (await browser.GetAsync($"/chat/answer/{answer}/files.zip")).Content.ReadAsStreamAsync());
        Assert.Equal("index.html", Assert.Single(zip.Entries).FullName);
        // On the site itself nothing of it runs: its page is at an address of the tools' host, for whoever has the ticket.
        var address = (await browser.GetAsync($"/chat/answer/{answer}/preview")).Headers.Location!;
        Assert.Equal("http://127.0.0.1:5085", address.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(address.PathAndQuery)).StatusCode);
        var visitor = app.Anonymous();
        visitor.Http.DefaultRequestHeaders.Host = address.Authority;
        var preview = await visitor.GetAsync(address.PathAndQuery);
        var policy = Assert.Single(preview.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("sandbox allow-scripts", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-same-origin", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("<h1>", await preview.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var ticket = address.PathAndQuery;
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync($"{ticket[..40]}{(ticket[40] == 'A' ? 'B' : 'A')}{ticket[41..]}")).StatusCode);
        foreach (var path in new[] { "files/1", "files.zip", "preview" })
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/chat/answer/{answer}/{path}")).StatusCode);
        foreach (var number in new[] { 0, 2, -1 })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/chat/answer/{answer}/files/{number}")).StatusCode);
        app.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync(ticket)).StatusCode);
    }

    [Fact]
    public void Files_have_the_names_that_they_were_given_and_none_leads_out_of_its_folder()
    {
        var files = AnswerFiles.Of("""
            Two pages.
            ```html index.html
            <link rel="stylesheet" href="style.css"><script src="./js/app.js" defer></script><p>a</p>
            ```
            ```css style.css
            p { color: red } /* </style> */
            ```
            ```javascript title="js/app.js"
            document.write("</script>$1");
            ```
            ```html index.html
            <p>b</p>
            ```
            ```python ../../etc/passwd.txt
            print(1)
            ```
            ```
            plain
            ```
            ```css
            ```
            """);

        Assert.Equal(["index.html", "style.css", "js/app.js", "index-2.html", "main.py", "file.txt"], files.Select(file => file.Name));
        var page = AnswerFiles.PreviewOf(files)!;
        Assert.DoesNotContain("href=\"style.css\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.Contains("<style>", page, StringComparison.Ordinal);
        Assert.Contains("document.write(\"<\\/script>$1\");", page, StringComparison.Ordinal);
        Assert.Null(AnswerFiles.PreviewOf([new AnswerFile("a.py", "1")]));
    }

    private async Task<(Guid Conversation, Guid Answer)> WriteAsync(TestUser user, string message)
    {
        var answer = await app.SignedInAs(user).PostFormAsync("/chat/send", new { text = message, tool = "code-generation", language = "HTML" }, from: "/code");
        var address = answer.Headers.Location?.OriginalString ?? "";
        Assert.StartsWith("/code/", address, StringComparison.Ordinal);
        var conversation = Guid.Parse(address["/code/".Length..]);
        await Eventually.HoldsAsync(() => app.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM messages WHERE conversation_id = @conversation AND state = 'done')", new { conversation }), "the program is written");
        return (conversation, await app.ScalarAsync<Guid>("SELECT id FROM messages WHERE conversation_id = @conversation AND role = 'assistant'", new { conversation }));
    }
}
