using System.Net;
using System.Net.Sockets;
using System.Text;
using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Settings;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aurion.Web.Tests.Billing;

/// <summary>Mail servers as they are: they greylist, refuse senders, close connections, and want odd passwords.</summary>
public sealed class MailServersTests : IAsyncDisposable
{
    private const string User = "apikey@relay.example.com";
    private const string Password = "Aq+Amk/8ma%25#en@R:cp?J 12==§";
    private static readonly Email Hello = new() { Subject = "Hello", Paragraphs = ["Hello."], Links = [new("Open", "https://aurion.test/")], Reason = "A test." };

    private readonly SmtpServer server = new();
    private readonly ServiceProvider services = new ServiceCollection().BuildServiceProvider();

    [Fact]
    public async Task Special_characters_of_user_password_and_sender_arrive_as_they_are()
    {
        Assert.IsType<MailResult.Sent>(await SendAsync("ann@test.example", from: "Équipe AURION, Support <no-reply@aurion.example>"));

        Assert.Equal((User, Password), server.Credentials);
        Assert.Matches("(?i)From: [!-~\\s]*=\\?utf-8\\?[bq]\\?[!-~\\s]*<no-reply@aurion.example>\n", server.Data);
    }

    [Theory]
    [InlineData("taro..yamada@docomo.example.jp", "\"taro..yamada\"@docomo.example.jp")]
    [InlineData("hanako.@ezweb.example.jp", "\"hanako.\"@ezweb.example.jp")]
    [InlineData(".start@mail.example", "\".start\"@mail.example")]
    [InlineData("o'neill@mail.example")]
    [InlineData("list+user=corp.example@bounce.example")]
    [InlineData("c=de/a=*x@gateway.example")]
    [InlineData("r&d%team@mail.example")]
    [InlineData("joerg@exämple.de", "joerg@xn--exmple-cua.de")]
    public async Task Whoever_may_sign_up_gets_the_mails(string address, string? sentTo = null)
    {
        Assert.IsType<MailResult.Sent>(await SendAsync(address));
        Assert.Contains($"RCPT TO:<{sentTo ?? address}>", server.Commands.Single(command => command.StartsWith("RCPT", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("450 4.2.0 greylisted", typeof(MailResult.Later))]
    [InlineData("550 5.1.1 no such user", typeof(MailResult.Bounced))]
    [InlineData("421 4.3.2 closing", typeof(MailResult.ServerFailed))]
    public async Task A_refused_recipient_is_judged_by_its_code(string answer, Type expected)
    {
        server.Answers["RCPT"] = answer;
        Assert.IsType(expected, await SendAsync("ann@test.example"));
    }

    [Fact]
    public async Task A_refused_sender_is_the_fault_of_the_server_and_not_of_the_mail()
    {
        server.Answers["MAIL"] = "550 5.7.1 sender not verified";
        Assert.IsType<MailResult.ServerFailed>(await SendAsync("ann@test.example"));
    }

    [Fact]
    public async Task Outside_this_machine_a_server_without_encryption_gets_no_password()
    {
        var fault = await ConnectAsync(tls: "required");

        Assert.Equal("the server offers no STARTTLS or no sign-in", fault);
        Assert.Null(server.Credentials);
    }

    [Fact]
    public async Task A_server_that_refuses_the_password_is_said()
    {
        server.Answers["AUTH"] = "535 5.7.8 wrong";
        Assert.Equal("user or password refused", await ConnectAsync(tls: null));
    }

    private async Task<MailResult> SendAsync(string to, string from = "hello@aurion.test")
    {
        using var connection = Sender(from, tls: null).Open();
        Assert.Null(await connection.TryConnectAsync(CancellationToken.None));
        return await connection.SendAsync(new ClaimedMail(Guid.CreateVersion7(DateTimeOffset.UnixEpoch), "a fact", "hello", "{}", 1, to, "en", null), Hello, CancellationToken.None);
    }

    private async Task<string?> ConnectAsync(string? tls)
    {
        using var connection = Sender("hello@aurion.test", tls).Open();
        return await connection.TryConnectAsync(CancellationToken.None);
    }

    private MailSender Sender(string from, string? tls) => new(
        new MailOptions { Server = new Uri($"smtp://{Uri.EscapeDataString(User)}:{Uri.EscapeDataString(Password)}@127.0.0.1:{server.Port}"), From = from, Tls = tls },
        new SiteOptions { PublicUrl = new Uri("https://aurion.test") },
        new EmailRenderer(services.GetRequiredService<IServiceScopeFactory>(), NullLoggerFactory.Instance));

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await services.DisposeAsync();
    }

    /// <summary>One connection of SMTP with answers that a test chooses.</summary>
    private sealed class SmtpServer : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly Task serving;

        public SmtpServer()
        {
            listener.Start();
            serving = ServeAsync();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;
        public Dictionary<string, string> Answers { get; } = new(StringComparer.Ordinal);
        public List<string> Commands { get; } = [];
        public (string, string)? Credentials { get; private set; }
        public string Data { get; private set; } = "";

        public async ValueTask DisposeAsync()
        {
            listener.Stop();
            await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task ServeAsync()
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream);
            await using var writer = new StreamWriter(stream) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 test ESMTP");
            while (await reader.ReadLineAsync() is { } line)
            {
                Commands.Add(line);
                var verb = line.Split(' ')[0];
                if (Answers.TryGetValue(verb, out var answer))
                    await writer.WriteLineAsync(answer);
                else if (verb == "EHLO")
                    await writer.WriteAsync("250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n");
                else if (verb == "AUTH")
                {
                    var parts = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2])).Split('\0');
                    Credentials = (parts[1], parts[2]);
                    await writer.WriteLineAsync("235 ok");
                }
                else if (verb == "DATA")
                {
                    await writer.WriteLineAsync("354 go");
                    while (await reader.ReadLineAsync() is { } data && data != ".")
                        Data += data + "\n";
                    await writer.WriteLineAsync("250 ok");
                }
                else
                    await writer.WriteLineAsync(verb == "QUIT" ? "221 bye" : "250 ok");
            }
        }
    }
}
