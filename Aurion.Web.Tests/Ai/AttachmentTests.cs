using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Aurion.Web.Ai.Attachments;
using Aurion.Web.Infrastructure.Retention;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace Aurion.Web.Tests.Ai;

/// <summary>Files that go with a message: read before it is sent, priced, given to the model, kept for the person alone, and gone with it.</summary>
public sealed class AttachmentTests(ChatApp app) : IClassFixture<ChatApp>
{
    [Fact]
    public async Task A_text_is_priced_sent_without_script_kept_in_the_conversation_and_exported()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);

        var room = await (await AttachAsync(browser, Text("notes.txt", "The boiler is in the cellar."), ("text", "Where is the boiler?"))).ReadHtmlAsync();
        Assert.Equal("Where is the boiler?", room.QuerySelector("#message")!.TextContent);
        var chip = room.QuerySelector("#attachments li")!;
        Assert.Contains("notes.txt", chip.TextContent, StringComparison.Ordinal);
        Assert.Contains("in the price of the message", chip.TextContent, StringComparison.Ordinal);
        var sent = await SendAsync(browser, room, "Where is the boiler?");

        Assert.Contains("notes.txt", app.OpenRouter.LastRequest, StringComparison.Ordinal);
        Assert.Contains("The boiler is in the cellar.", app.OpenRouter.LastRequest, StringComparison.Ordinal);
        Assert.Contains("notes.txt", (await browser.GetPageAsync($"/chat/{sent}")).QuerySelector(".you .attached")!.TextContent, StringComparison.Ordinal);
        // The next message of the conversation still carries it.
        await app.SayAsync(user, "And the key?", sent);
        Assert.Contains("The boiler is in the cellar.", app.OpenRouter.LastRequest, StringComparison.Ordinal);
        Assert.Contains("The boiler is in the cellar.", await (await browser.GetAsync($"/chat/{sent}/export.json")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var zip = new ZipArchive(await (await browser.GetAsync("/api/gdpr/export")).Content.ReadAsStreamAsync());
        using var account = JsonDocument.Parse(zip.GetEntry("account.json")!.Open());
        Assert.Equal("The boiler is in the cellar.", Assert.Single(account.RootElement.GetProperty("attachments").EnumerateArray()).GetProperty("text").GetString());

        await browser.PostFormAsync($"/chat/{sent}/delete", from: $"/chat/{sent}");
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*) FROM attachments WHERE user_id = @Id", new { user.Id }));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task A_new_version_of_a_message_keeps_its_file()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);
        var conversation = await SendAsync(browser, await (await AttachAsync(browser, Text("a.txt", "Rabbits sleep by day."))).ReadHtmlAsync(), "When do they sleep?");
        var question = await app.ScalarAsync<Guid>("SELECT id FROM messages WHERE conversation_id = @conversation AND role = 'user'", new { conversation });

        await browser.PostFormAsync("/chat/send", new { conversation, editOf = question, text = "And at night?" }, from: $"/chat/{conversation}?edit={question}");

        Assert.Contains("And at night?", app.OpenRouter.LastRequest, StringComparison.Ordinal);
        Assert.Contains("Rabbits sleep by day.", app.OpenRouter.LastRequest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shared_conversation_names_its_files_and_shows_none()
    {
        var user = await app.GivenUserAsync(1000);
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'starter' WHERE user_id = @Id", new { user.Id });
        var browser = app.SignedInAs(user);
        var room = await (await AttachAsync(browser, [Text("a.txt", "Rabbits sleep by day."), File("rabbit.jpg", Jpeg(64, 64))], ("model", MeterApp.Metered))).ReadHtmlAsync();
        var page = $"/chat/{await SendAsync(browser, room, "When do they sleep?", MeterApp.Metered)}";
        await browser.PostFormAsync(page + "/share", new { open = "true" }, from: page);
        var link = (await browser.GetPageAsync(page)).QuerySelector("a[href^='/chat/shared/']")!.GetAttribute("href")!;

        var shared = await app.Anonymous().GetPageAsync(link);

        Assert.Equal(["a.txt", "rabbit.jpg"], shared.QuerySelectorAll(".you .attached li").Select(file => file.TextContent.Trim()));
        Assert.Empty(shared.QuerySelectorAll(".attached img, .attached a"));
    }

    [Fact]
    public async Task The_words_of_a_pdf_are_given_to_the_model()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(100));

        var room = await (await AttachAsync(browser, File("lease.pdf", Pdf("The rent is due on the third.", pages: 2)))).ReadHtmlAsync();
        await SendAsync(browser, room, "When is the rent due?");

        Assert.Contains("The rent is due on the third.", app.OpenRouter.LastRequest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("locked", "locked by a password")]
    [InlineData("broken", "broken PDF")]
    [InlineData("101 pages", "more than 100 pages")]
    [InlineData("bomb", "file.bin")]
    [InlineData("no words", "no text in it")]
    [InlineData("empty", "is empty")]
    [InlineData("blank", "is empty")]
    [InlineData("large", "larger than 5 MB")]
    [InlineData("binary", "no text, PDF or picture")]
    [InlineData("long", "more text than any model")]
    [InlineData("100 megapixels", "40 million pixels")]
    [InlineData("half a picture", "no text, PDF or picture")]
    public async Task What_cannot_be_read_is_refused_in_a_sentence_and_the_message_stays(string what, string sentence)
    {
        var user = await app.GivenUserAsync(100);

        var answer = await AttachAsync(app.SignedInAs(user), File("file.bin", what switch
        {
            "locked" => Locked(),
            "broken" => "%PDF-1.7\nthis is none"u8.ToArray(),
            "101 pages" => Pdf("word", pages: 101),
            "bomb" => Bomb(),
            "no words" => Pdf("", pages: 1),
            "empty" => [],
            "blank" => " \n"u8.ToArray(),
            "large" => new byte[AttachmentReader.LargestFile + 1],
            "binary" => [0x7F, 0x45, 0x4C, 0x46, 0, 1, 2, 0xFF],
            "long" => Encoding.UTF8.GetBytes(new string('a', AttachmentReader.LongestText + 1)),
            "100 megapixels" => Png(10_000, 10_000),
            _ => Jpeg(64, 64)[..40],
        }), ("text", "Read this"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await answer.ReadHtmlAsync();
        Assert.Contains(sentence, page.QuerySelector("#chat-refusal")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Read this", page.QuerySelector("#message")!.TextContent);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*) FROM attachments WHERE user_id = @Id", new { user.Id }));
        Assert.Equal(100, await app.SpendableAsync(user));
    }

    [Fact]
    public async Task A_picture_goes_drawn_anew_to_a_model_that_sees_and_its_price_is_shown_before()
    {
        var user = await app.GivenUserAsync(1000);
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'starter' WHERE user_id = @Id", new { user.Id });
        var browser = app.SignedInAs(user);
        var jpeg = Jpeg(3000, 1500);

        var blind = await (await AttachAsync(browser, File("cat.jpg", jpeg), ("model", MeterApp.Flat))).ReadHtmlAsync();
        Assert.Contains("does not see it", blind.QuerySelector("#attachments li")!.TextContent, StringComparison.Ordinal);
        var refused = await browser.PostFormAsync("/chat/send", Fields(blind, "What is it?", MeterApp.Flat), from: "/chat");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("Claude Sonnet 4", (await refused.ReadHtmlAsync()).QuerySelector("#chat-refusal")!.TextContent, StringComparison.Ordinal);

        var without = Credits(await browser.GetPageAsync($"/chat?model={MeterApp.Metered}"));
        var room = await (await AttachAsync(browser, File("cat.jpg", jpeg), ("model", MeterApp.Metered))).ReadHtmlAsync();
        // 1,600 tokens at $3 a million are $0.0048: three credits of $0.002 more at most.
        Assert.InRange(Credits(room) - without, 2, 3);
        Assert.Contains("1,600 tokens", room.QuerySelector("#attachments li")!.TextContent, StringComparison.Ordinal);
        await SendAsync(browser, room, "What is it?", MeterApp.Metered);

        using var request = JsonDocument.Parse(app.OpenRouter.LastRequest);
        var parts = request.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content").EnumerateArray().ToList();
        Assert.Equal(["text", "image_url"], parts.Select(part => part.GetProperty("type").GetString()));
        var url = parts[1].GetProperty("image_url").GetProperty("url").GetString()!;
        Assert.StartsWith("data:image/jpeg;base64,", url, StringComparison.Ordinal);
        using var picture = SKBitmap.Decode(Convert.FromBase64String(url["data:image/jpeg;base64,".Length..]));
        Assert.Equal((1024, 512), (picture.Width, picture.Height));

        var id = await app.ScalarAsync<Guid>("SELECT id FROM attachments WHERE user_id = @Id AND message_id IS NOT NULL", new { user.Id });
        Assert.Equal("image/jpeg", (await browser.GetAsync($"/chat/attachment/{id}/picture.jpg")).Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(await app.GivenUserAsync()).GetAsync($"/chat/attachment/{id}/picture.jpg")).StatusCode);
        using var zip = new ZipArchive(await (await browser.GetAsync("/api/gdpr/export")).Content.ReadAsStreamAsync());
        Assert.NotNull(zip.GetEntry($"attachments/{id}.jpg"));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task Somebody_elses_file_a_sixth_one_and_one_that_was_only_chosen_are_not_sent()
    {
        var (user, other) = (await app.GivenUserAsync(100), app.SignedInAs(await app.GivenUserAsync(100)));
        var browser = app.SignedInAs(user);
        var theirs = AttachmentOf(await (await AttachAsync(other, Text("secret.txt", "secret"))).ReadHtmlAsync());

        var stolen = await browser.PostFormAsync("/chat/send", new { text = "Read it", attachment = theirs }, from: "/chat");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stolen.StatusCode);
        Assert.Contains("no longer there", (await stolen.ReadHtmlAsync()).QuerySelector("#chat-refusal")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("was chosen and not attached", (await (await browser.PostFormAsync("/chat/send", new { text = "Read it", file = "a.txt" }, from: "/chat")).ReadHtmlAsync()).QuerySelector("#chat-refusal")!.TextContent, StringComparison.Ordinal);

        var six = await AttachAsync(browser, [.. Enumerable.Range(1, 6).Select(i => Text($"{i}.txt", "word"))]);
        var page = await six.ReadHtmlAsync();
        Assert.Equal(5, page.QuerySelectorAll("#attachments li").Length);
        Assert.Contains("6.txt was left out", page.QuerySelector("#chat-refusal")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(100, await app.SpendableAsync(user));

        // Taken off again; and what was never sent is forgotten after a day.
        var fewer = await AttachAsync(browser, [], ("attachment", AttachmentOf(page)), ("without", AttachmentOf(page)));
        Assert.Empty((await fewer.ReadHtmlAsync()).QuerySelectorAll("#attachments li"));
        Assert.Equal(4, await app.ScalarAsync<int>("SELECT count(*) FROM attachments WHERE user_id = @Id", new { user.Id }));
        app.Clock.Advance(TimeSpan.FromDays(1.1));
        await ActivatorUtilities.CreateInstance<ForgetOldRowsJob>(app.Services).RunAsync(CancellationToken.None);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*) FROM attachments WHERE user_id = @Id", new { user.Id }));
    }

    private static int Credits(IHtmlDocument room) => int.Parse(room.QuerySelector("#send")!.GetAttribute("data-min-credits")!, null);

    private static string AttachmentOf(IHtmlDocument room) => ((IHtmlInputElement)room.QuerySelector("input[name=attachment]")!).Value;

    private static List<KeyValuePair<string, string>> Fields(IHtmlDocument room, string text, string? model) =>
    [
        new("text", text), new("model", model ?? MeterApp.Flat),
        .. room.QuerySelectorAll("input[name=attachment]").Select(file => KeyValuePair.Create("attachment", file.GetAttribute("value")!)),
    ];

    private async Task<Guid> SendAsync(TestClient browser, IHtmlDocument room, string text, string? model = null)
    {
        var answer = await browser.PostFormAsync("/chat/send", Fields(room, text, model), from: "/chat");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var conversation = Guid.Parse(answer.Headers.Location!.OriginalString["/chat/".Length..]);
        await Eventually.HoldsAsync(() => app.ScalarAsync<bool>("SELECT NOT EXISTS (SELECT FROM messages WHERE conversation_id = @conversation AND state = 'writing')", new { conversation }), "the answer is there");
        return conversation;
    }

    private static Task<HttpResponseMessage> AttachAsync(TestClient browser, (string Name, byte[] Content) file, params (string Name, string Value)[] fields) => AttachAsync(browser, [file], fields);

    private static async Task<HttpResponseMessage> AttachAsync(TestClient browser, IReadOnlyList<(string Name, byte[] Content)> files, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent(await browser.FormTokenAsync("/chat", "/chat/send")), "__RequestVerificationToken" } };
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        foreach (var (name, content) in files)
            form.Add(new ByteArrayContent(content), "file", name);
        return await browser.Http.PostAsync(new Uri("/chat/attach", UriKind.Relative), form);
    }

    private static (string, byte[]) Text(string name, string text) => (name, Encoding.UTF8.GetBytes(text));

    private static (string, byte[]) File(string name, byte[] content) => (name, content);

    private static byte[] Pdf(string text, int pages)
    {
        var builder = new PdfDocumentBuilder();
        var font = builder.AddStandard14Font(Standard14Font.Helvetica);
        for (var i = 0; i < pages; i++)
        {
            var page = builder.AddPage(PageSize.A4);
            if (text.Length > 0)
                page.AddText(text, 12, new UglyToad.PdfPig.Core.PdfPoint(50, 700), font);
        }
        return builder.Build();
    }

    // The marks of its password are those of no password that anybody knows.
    private static byte[] Locked() => Document("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
        $"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{new string('A', 64)}> /U <{new string('B', 64)}> >> /ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]");

    // A page of a few hundred kilobytes that unfolds to half a gigabyte.
    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 512; i++)
                zlib.Write(zeros);
        }
        return Document("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>", "", packed.ToArray());
    }

    private static byte[] Document(string page, string trailer, byte[]? stream = null)
    {
        using var pdf = new MemoryStream();
        List<long> places = [];
        void Write(string text) => pdf.Write(Encoding.Latin1.GetBytes(text));
        Write("%PDF-1.4\n");
        foreach (var (number, body) in new[] { (1, "<< /Type /Catalog /Pages 2 0 R >>"), (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"), (3, page) })
        {
            places.Add(pdf.Position);
            Write($"{number} 0 obj\n{body}\nendobj\n");
        }
        if (stream is not null)
        {
            places.Add(pdf.Position);
            Write($"4 0 obj\n<< /Length {stream.Length} /Filter /FlateDecode >>\nstream\n");
            pdf.Write(stream);
            Write("\nendstream\nendobj\n");
        }
        var table = pdf.Position;
        Write($"xref\n0 {places.Count + 1}\n0000000000 65535 f \n");
        places.ForEach(place => Write(string.Create(null, $"{place:0000000000} 00000 n \n")));
        Write($"trailer\n<< /Size {places.Count + 1} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n");
        return pdf.ToArray();
    }

    private static byte[] Jpeg(int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.Teal);
        using var image = SKImage.FromBitmap(bitmap);
        return image.Encode(SKEncodedImageFormat.Jpeg, 90).ToArray();
    }

    /// <summary>White, one bit a pixel: some kilobytes, whatever its size.</summary>
    private static byte[] Png(int width, int height)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[1 + (width + 7) / 8];
            for (var i = 0; i < height; i++)
                zlib.Write(row);
        }
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] size = [.. BitConverter.GetBytes(width).Reverse(), .. BitConverter.GetBytes(height).Reverse()];
        Chunk("IHDR", [.. size, 1, 0, 0, 0, 0]);
        Chunk("IDAT", packed.ToArray());
        Chunk("IEND", []);
        return png.ToArray();

        void Chunk(string name, byte[] content)
        {
            byte[] body = [.. Encoding.ASCII.GetBytes(name), .. content];
            png.Write([.. BitConverter.GetBytes(content.Length).Reverse(), .. body, .. BitConverter.GetBytes(Crc(body)).Reverse()]);
        }
    }

    private static uint Crc(byte[] content)
    {
        var crc = 0xFFFFFFFF;
        foreach (var value in content)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
