using Aurion.Web.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class SettingsTests
{
    private static readonly Dictionary<string, string?> Production = new()
    {
        ["ConnectionStrings__Aurion"] = "Host=db.example;Database=aurion;Username=aurion_web;Password=x",
        ["AURION_PUBLIC_URL"] = "https://aurion.example",
        ["AURION_TOOLS_ORIGIN"] = "https://tools.aurion.example",
        ["JWT_SECRET"] = new string('k', 32),
        ["STRIPE_SECRET_KEY"] = "sk_live_1",
        ["STRIPE_WEBHOOK_SECRET"] = "whsec_1,whsec_2",
    };

    [Fact]
    public void A_complete_production_environment_has_no_fault()
    {
        Assert.Empty(FaultsOf(Production));
    }

    [Theory]
    [InlineData("ConnectionStrings__Aurion", null, "is missing")]
    [InlineData("ConnectionStrings__Aurion", "postgres://aurion_web:x@db.example/aurion", "must be written like Host=…;Database=…;Username=…;Password=…, not as an address")]
    [InlineData("ConnectionStrings__Aurion", "Host=db.example;Port=many", "must be written like Host=…;Database=…;Username=…;Password=…, not as an address")]
    [InlineData("ConnectionStrings__Aurion", "Database=aurion", "must name a Host")]
    [InlineData("AURION_PUBLIC_URL", null, "is missing")]
    [InlineData("AURION_PUBLIC_URL", "aurion.example", "must be an absolute address such as https://example.com")]
    [InlineData("AURION_PUBLIC_URL", "ftp://aurion.example", "must be an http or https address")]
    [InlineData("AURION_PUBLIC_URL", "http://aurion.example", "must be an https address outside Development")]
    [InlineData("AURION_PUBLIC_URL", "https://aurion.example/app", "must have no path: Aurion is served from the root of a host")]
    [InlineData("AURION_PUBLIC_URL", "https://aurion.example/?a=b", "must have no path: Aurion is served from the root of a host")]
    [InlineData("AURION_TOOLS_ORIGIN", "https://tools.aurion.example/app", "must have no path: Aurion is served from the root of a host")]
    [InlineData("AURION_TOOLS_ORIGIN", "  ", "is missing")]
    [InlineData("AURION_TOOLS_ORIGIN", "https://aurion.example", "must be another host than AURION_PUBLIC_URL")]
    [InlineData("AURION_TOOLS_ORIGIN", "https://AURION.example:8443", "must be another host than AURION_PUBLIC_URL")]
    [InlineData("JWT_SECRET", "short", "must have at least 32 characters")]
    [InlineData("JWT_SECRET", "sandbox-0123456789012345678901234567", "is a sandbox key, which only Development accepts")]
    [InlineData("STRIPE_SECRET_KEY", "pk_live_1", "must be a whole key that starts with sk_ or rk_")]
    [InlineData("STRIPE_SECRET_KEY", "sk_live_", "must be a whole key that starts with sk_ or rk_")]
    [InlineData("STRIPE_SECRET_KEY", "sk_test_sandbox_1", "is a sandbox key, which only Development accepts")]
    [InlineData("STRIPE_WEBHOOK_SECRET", null, "is missing")]
    [InlineData("STRIPE_WEBHOOK_SECRET", "whsec_1,other", "must be a whole key that starts with whsec_")]
    [InlineData("STRIPE_WEBHOOK_SECRET", "whsec_1, whsec_", "must be a whole key that starts with whsec_")]
    [InlineData("STRIPE_WEBHOOK_SECRET", "whsec_1,whsec_sandbox_2", "is a sandbox key, which only Development accepts")]
    [InlineData("STRIPE_API_BASE", "http://stripe.example", "must be an https address outside Development")]
    [InlineData("STRIPE_API_BASE", "https://127.0.0.1:5081", "points to this machine, which only Development allows")]
    [InlineData("STRIPE_API_BASE", "https://127.9.9.9", "points to this machine, which only Development allows")]
    [InlineData("OPENROUTER_API_BASE", "https://localhost", "points to this machine, which only Development allows")]
    [InlineData("FREEPIK_API_BASE", "https://[::1]:5084", "points to this machine, which only Development allows")]
    [InlineData("CLERK_API_BASE", "https://0.0.0.0", "points to this machine, which only Development allows")]
    [InlineData("CLERK_API_BASE", "https://[::ffff:127.0.0.1]", "points to this machine, which only Development allows")]
    [InlineData("CLERK_API_BASE", "https://clerk.localhost", "points to this machine, which only Development allows")]
    [InlineData("CLERK_SECRET_KEY", "sk_live_1", "must be set together with CLERK_PUBLISHABLE_KEY, or not at all")]
    [InlineData("CLERK_WEBHOOK_SIGNING_SECRET", "secret", "must be a whole key that starts with whsec_")]
    [InlineData("CLERK_WEBHOOK_SIGNING_SECRET", "whsec_not-base64", "must be a whole key that starts with whsec_")]
    [InlineData("CLERK_AUTHORIZED_PARTIES", "https://a.example/path", "must be origins such as https://example.com")]
    [InlineData("CLERK_FRONTEND_API", "http://clerk.example", "must be an https address outside Development")]
    [InlineData("CLERK_ACCOUNT_PORTAL", "https://accounts.example/sign-in", "must have no path: Aurion is served from the root of a host")]
    [InlineData("GOOGLE_CLIENT_SECRET", "secret", "must be set together with GOOGLE_CLIENT_ID, or not at all")]
    [InlineData("GITHUB_CLIENT_SECRET", "secret", "must be set together with GITHUB_CLIENT_ID, or not at all")]
    [InlineData("SMTP_URL", "https://smtp.example", "must start with smtp:// or smtps://")]
    [InlineData("MAIL_FROM", "aurion", "must be an e-mail address")]
    [InlineData("AURION_MAINTENANCE", "yes", "must be on or off")]
    [InlineData("AURION_CLOCK_FILE", "/tmp/clock", "is for Development only; remove it")]
    [InlineData("AURION_TRUSTED_PROXIES", "10.0.0.0/8, everyone", "must be addresses or networks such as 10.0.0.0/8")]
    [InlineData("AURION_ALLOWED_ORIGINS", "https://a.example, *", "must be origins such as https://example.com")]
    [InlineData("AURION_ALLOWED_ORIGINS", "https://a.example/path", "must be origins such as https://example.com")]
    public void One_wrong_setting_is_one_fault_that_names_it_and_not_its_value(string name, string? value, string problem)
    {
        var fault = Assert.Single(FaultsOf(new(Production) { [name] = value }));

        Assert.Equal(name, fault.Setting.Name);
        Assert.Equal(problem, fault.Problem);
        Assert.Contains(fault.Setting.Meaning, fault.ToString());
        Assert.Contains(fault.Setting.Source, fault.ToString());
        if (value?.Trim().Length > 0)
            Assert.DoesNotContain(value, fault.ToString());
    }

    [Theory]
    [InlineData("pk_live_Y2xlcmsuZXhhbXBsZS5jb20k", "https://clerk.example.com", "https://accounts.example.com")]
    [InlineData("pk_test_aHVtYmxlLWFudC0xLmNsZXJrLmFjY291bnRzLmRldiQ", "https://humble-ant-1.clerk.accounts.dev", "https://humble-ant-1.accounts.dev")]
    public void The_publishable_key_names_the_addresses_of_Clerk(string key, string issuer, string portal)
    {
        var options = new ClerkOptions { PublishableKey = key, SecretKey = "sk_live_1" };

        Assert.Equal((issuer, portal, true), (options.Issuer, options.PortalOrigin, options.IsOn));
    }

    [Theory]
    [InlineData("pk_live_")]
    [InlineData("pk_live_Y2xlcmsuZXhhbXBsZQ")]
    [InlineData("pk_live_%")]
    [InlineData("sk_test_Y2xlcmsuZXhhbXBsZSQ")]
    public void A_publishable_key_that_names_no_host_is_a_fault(string key)
    {
        var fault = Assert.Single(FaultsOf(new(Production) { ["CLERK_PUBLISHABLE_KEY"] = key, ["CLERK_SECRET_KEY"] = "sk_live_1" }));

        Assert.Equal(("CLERK_PUBLISHABLE_KEY", "must be a whole key that starts with pk_live_ or pk_test_"), (fault.Setting.Name, fault.Problem));
    }

    [Fact]
    public void One_of_Clerks_keys_without_the_other_is_a_fault()
    {
        var fault = Assert.Single(FaultsOf(new(Production) { ["CLERK_PUBLISHABLE_KEY"] = "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k" }));

        Assert.Equal(("CLERK_SECRET_KEY", "must be set together with CLERK_PUBLISHABLE_KEY, or not at all"), (fault.Setting.Name, fault.Problem));
    }

    [Fact]
    public void The_sandboxes_keys_and_addresses_are_fine_in_Development()
    {
        var sandbox = new Dictionary<string, string?>(Production)
        {
            ["AURION_PUBLIC_URL"] = "http://127.0.0.1:5080",
            ["AURION_TOOLS_ORIGIN"] = "http://127.0.0.1:5085",
            ["JWT_SECRET"] = "sandbox-0123456789012345678901234567",
            ["STRIPE_SECRET_KEY"] = "sk_test_sandbox_1",
            ["STRIPE_WEBHOOK_SECRET"] = null,
            ["STRIPE_API_BASE"] = "http://127.0.0.1:5081",
        };

        Assert.Empty(FaultsOf(sandbox, development: true));
        Assert.Equal(7, FaultsOf(sandbox).Count);
    }

    [Fact]
    public void The_example_file_as_it_is_starts_nothing()
    {
        var example = Repository.Read(".env.example").Split('\n').Where(line => line.Contains('=') && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => (string?)pair[1], StringComparer.Ordinal);

        var faults = FaultsOf(new(example) { ["ConnectionStrings__Aurion"] = Production["ConnectionStrings__Aurion"] });

        Assert.Equal(["JWT_SECRET", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"], faults.Select(fault => fault.Setting.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_process_reports_every_fault_at_once_and_ends_with_1()
    {
        var (exitCode, output) = await WebProcess.RunAsync([]);

        Assert.Equal(1, exitCode);
        foreach (var name in Production.Keys)
            Assert.Contains($"{name} is missing.", output);
    }

    [Fact]
    public async Task An_unknown_command_ends_with_2_and_names_the_known_ones()
    {
        var (exitCode, output) = await WebProcess.RunAsync(["frobnicate"], Production);

        Assert.Equal(2, exitCode);
        Assert.Contains("migrate", output);
    }

    private static IReadOnlyList<SettingFault> FaultsOf(Dictionary<string, string?> environment, bool development = false)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(environment.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)))
            .Build();
        var reader = new SettingsReader(configuration, development);
        foreach (var options in AllSettings.Types)
            reader.Read(options);
        return reader.Faults;
    }
}
