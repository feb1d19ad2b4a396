using System.Net;
using System.Text.Json;
using Npgsql;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>Behind a transaction pooler LISTEN is answered and hears nothing.</summary>
public sealed class LostNotificationTests
{
    [Fact]
    public async Task What_is_not_heard_is_read_and_health_says_so()
    {
        await using var app = new App();
        await app.InitializeAsync();
        await app.ReadyAsync();
        var user = await app.GivenUserAsync();
        await Eventually.HoldsAsync(async () => await NotificationsAsync(app) == "Degraded", "health says that notifications are not heard");
        Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync("/dashboard")).StatusCode);

        await app.ExecuteAsync("UPDATE account_sessions SET revoked_at = now() WHERE user_id = @Id", new { user.Id });

        Assert.Equal(HttpStatusCode.Redirect, (await app.SignedInAs(user).GetAsync("/dashboard")).StatusCode);
        await app.EndAsync();
    }

    [Fact]
    public async Task A_direct_connection_beside_the_pooled_one_hears()
    {
        await using var app = new App { Direct = true };
        await app.InitializeAsync();
        await app.ReadyAsync();
        var user = await app.GivenUserAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync("/dashboard")).StatusCode);

        await app.ExecuteAsync("UPDATE account_sessions SET revoked_at = now() WHERE user_id = @Id", new { user.Id });

        await Eventually.HoldsAsync(async () => (await app.SignedInAs(user).GetAsync("/dashboard")).StatusCode == HttpStatusCode.Redirect, "the session has ended");
        Assert.Equal("Healthy", await NotificationsAsync(app));
        await app.EndAsync();
    }

    private static async Task<string?> NotificationsAsync(App app)
    {
        var report = JsonDocument.Parse(await app.Anonymous().Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative))).RootElement;
        return report.GetProperty("checks").GetProperty("notifications").GetProperty("status").GetString();
    }

    private sealed class App : AurionApp
    {
        private NotificationDroppingProxy? proxy;

        public bool Direct { get; init; }

        protected override IDictionary<string, string> Settings
        {
            get
            {
                var owner = new NpgsqlConnectionStringBuilder(OwnerConnectionString);
                proxy ??= new NotificationDroppingProxy(owner.Port);
                var direct = TestDatabases.AsApplication(OwnerConnectionString);
                var pooled = new NpgsqlConnectionStringBuilder(direct) { Host = "127.0.0.1", Port = proxy.Port, SslMode = SslMode.Disable }.ConnectionString;
                var settings = new Dictionary<string, string>(base.Settings, StringComparer.Ordinal) { ["ConnectionStrings:Aurion"] = pooled };
                if (Direct)
                    settings["ConnectionStrings:AurionDirect"] = direct;
                return settings;
            }
        }

        public async Task EndAsync()
        {
            await ((IAsyncLifetime)this).DisposeAsync();
            proxy?.Dispose();
        }
    }
}
