using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class LogTests(LogTests.App app) : IClassFixture<LogTests.App>
{
    [Fact]
    public async Task The_log_tells_what_happened_and_nothing_personal()
    {
        const string email = "private.person@test.example";
        const string password = "a wholly private phrase 91";
        var browser = app.Anonymous();
        Dictionary<string, string> form = new()
        {
            ["Input.FullName"] = "Private Person",
            ["Input.Email"] = email,
            ["Input.Password"] = password,
            ["__RequestVerificationToken"] = await browser.FormTokenAsync("/account/sign-up"),
        };

        Assert.Equal(HttpStatusCode.Redirect, (await browser.SendFormAsync("/account/sign-up", form)).StatusCode);
        var token = Assert.IsType<string>(browser.Jar["aurion"]);
        await app.WithToken(token).PostJsonAsync("/api/validate-tool-access", new { toolId = "app-builder" });
        await app.WithToken(token + "x").PostJsonAsync("/api/validate-tool-access", new { toolId = "app-builder" });
        await browser.GetAsync($"/nothing/{Uri.EscapeDataString(email)}?email={Uri.EscapeDataString(email)}");

        var log = app.Log.Text;
        Assert.Contains("launched app-builder", log, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("answered 404", log);
        foreach (var personal in new[] { "private.person", "Private Person", password, token, token.Split('.')[1], token.Split('.')[2] })
            Assert.DoesNotContain(personal, log, StringComparison.OrdinalIgnoreCase);
    }

    public sealed class App : AurionApp
    {
        public LogCollector Log { get; } = new();

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            Log.AddTo(services);
        }
    }
}
