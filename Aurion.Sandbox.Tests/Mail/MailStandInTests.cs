using System.Net.Http.Json;
using System.Net.Mail;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Aurion.Sandbox.Mail;
using MailKit.Security;
using MimeKit;
using MailMessage = System.Net.Mail.MailMessage;

namespace Aurion.Sandbox.Tests.Mail;

public sealed class MailStandInTests
{
    private const string Link = "https://aurion.test/confirm?token=a.b-c&x=1";

    [Fact]
    public async Task A_mail_arrives_with_its_subject_both_bodies_and_its_links()
    {
        await using var mail = await MailStandIn.StartAsync(TimeProvider.System);
        using var message = Message("camille@demo.aurion.test");
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString($"<p>Été : <a href=\"{Link.Replace("&", "&amp;", StringComparison.Ordinal)}\">confirmer</a></p>", null, MediaTypeNames.Text.Html));

        await SendAsync(mail, message);

        var arrived = Assert.Single(await ReadAsync(mail, "camille@demo.aurion.test"));
        Assert.Equal("Confirmez votre adresse, s’il vous plaît : un sujet assez long pour être plié", arrived.GetProperty("subject").GetString());
        Assert.Contains("Bonjour Camille, voilà l’été.", arrived.GetProperty("text").GetString());
        Assert.Contains("\n.\n", arrived.GetProperty("text").GetString()!.ReplaceLineEndings("\n"));
        Assert.Contains("<p>Été", arrived.GetProperty("html").GetString());
        Assert.Equal([Link], arrived.GetProperty("links").EnumerateArray().Select(link => link.GetString()));
        using var http = new HttpClient();
        Assert.Contains($"<a href=\"{Link.Replace("&", "&amp;", StringComparison.Ordinal)}\">", await http.GetStringAsync(mail.Address + "/messages/1"));
        Assert.StartsWith("<base target=\"_blank\">", await http.GetStringAsync(mail.Address + "/messages/1/html"));
    }

    [Fact]
    public async Task An_address_that_bounces_is_refused_and_written_down()
    {
        await using var mail = await MailStandIn.StartAsync(TimeProvider.System);
        using var message = Message("bounce@demo.aurion.test");

        await Assert.ThrowsAsync<SmtpFailedRecipientException>(() => SendAsync(mail, message));

        using var http = new HttpClient();
        var bounce = Assert.Single(await http.GetFromJsonAsync<List<JsonElement>>(mail.Address + "/api/bounces") ?? []);
        Assert.Equal("bounce@demo.aurion.test", bounce.GetProperty("to").GetString());
        Assert.Empty(await ReadAsync(mail, "bounce@demo.aurion.test"));
    }

    [Fact]
    public async Task A_greylisted_address_is_put_off_for_a_minute_and_then_taken()
    {
        var clock = new TestClock();
        await using var mail = await MailStandIn.StartAsync(clock);
        var refused = await Assert.ThrowsAsync<MailKit.Net.Smtp.SmtpCommandException>(() => SendByMailKitAsync(mail.SmtpUrl, "greylist@demo.aurion.test"));
        clock.Advance(TimeSpan.FromMinutes(1));
        await SendByMailKitAsync(mail.SmtpUrl, "greylist@demo.aurion.test");

        Assert.Equal(450, (int)refused.StatusCode);
        Assert.Single(await ReadAsync(mail, "greylist@demo.aurion.test"));
        using var http = new HttpClient();
        Assert.Contains("greylisted", await http.GetStringAsync(mail.Address));
    }

    [Fact]
    public async Task With_a_certificate_it_speaks_TLS_at_once_or_after_STARTTLS()
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        await using var mail = await MailStandIn.StartAsync(TimeProvider.System, certificate: certificate);

        await SendByMailKitAsync(mail.SmtpsUrl!, "tls@demo.aurion.test", SecureSocketOptions.SslOnConnect);
        await SendByMailKitAsync(mail.SmtpUrl, "tls@demo.aurion.test", SecureSocketOptions.StartTls);

        Assert.Equal(2, (await ReadAsync(mail, "tls@demo.aurion.test")).Count);
    }

    [Fact]
    public async Task The_page_shows_a_hostile_mail_without_running_it()
    {
        await using var mail = await MailStandIn.StartAsync(TimeProvider.System);
        using var message = Message("victim@demo.aurion.test");
        message.Subject = "<script>alert(1)</script>";
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString("<script>alert(2)</script>", null, MediaTypeNames.Text.Html));
        await SendAsync(mail, message);

        using var http = new HttpClient();
        Assert.DoesNotContain("<script>alert", await http.GetStringAsync(mail.Address));
        Assert.DoesNotContain("<script>alert", await http.GetStringAsync(mail.Address + "/messages/1"));
        using var body = await http.GetAsync(mail.Address + "/messages/1/html");
        Assert.Contains("sandbox allow-popups", body.Headers.GetValues("Content-Security-Policy").Single());
    }

    private static MailMessage Message(string to) => new("AURION <hello@aurion.test>", to)
    {
        Subject = "Confirmez votre adresse, s’il vous plaît : un sujet assez long pour être plié",
        Body = $"Bonjour Camille, voilà l’été.\n.\nSuivez ce lien : {Link}\n",
    };

    private static async Task SendAsync(MailStandIn mail, MailMessage message)
    {
        var server = new Uri(mail.SmtpUrl);
        using var client = new SmtpClient(server.Host, server.Port) { Credentials = new System.Net.NetworkCredential("sandbox", "sandbox") };
        await client.SendMailAsync(message);
    }

    private static async Task SendByMailKitAsync(string url, string to, SecureSocketOptions security = SecureSocketOptions.None)
    {
        var server = new Uri(url);
        using var message = new MimeMessage { Subject = "Hello", Body = new TextPart("plain") { Text = "Hello" } };
        message.From.Add(MailboxAddress.Parse("hello@aurion.test"));
        message.To.Add(MailboxAddress.Parse(to));
        using var client = new MailKit.Net.Smtp.SmtpClient { ServerCertificateValidationCallback = (_, presented, _, _) => presented?.Subject == "CN=localhost" };
        await client.ConnectAsync(server.Host, server.Port, security);
        await client.AuthenticateAsync("sandbox", "sandbox");
        await client.SendAsync(message);
        await client.DisconnectAsync(quit: true);
    }

    private static async Task<List<JsonElement>> ReadAsync(MailStandIn mail, string to)
    {
        using var http = new HttpClient();
        return await http.GetFromJsonAsync<List<JsonElement>>($"{mail.Address}/api/messages?to={to}") ?? [];
    }
}
