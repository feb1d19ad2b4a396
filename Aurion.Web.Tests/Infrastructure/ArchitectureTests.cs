using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Aurion.Data;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>Who may reference whom, and the habits that keep the layout readable.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly Data = typeof(Migrator).Assembly;
    private static readonly Assembly Web = typeof(Program).Assembly;

    [Fact]
    public void Data_knows_PostgreSQL_and_nothing_of_the_web()
    {
        Assert.All(References(Data), name => Assert.Matches("^(System|Microsoft\\.Extensions|Npgsql|Dapper|netstandard)", name));
    }

    [Fact]
    public void Web_reaches_the_database_through_Data_only_and_knows_no_sandbox()
    {
        Assert.Contains("Aurion.Data", References(Web));
        Assert.All(References(Web), name => Assert.DoesNotMatch("^(Npgsql|Dapper|Aurion\\.(Sandbox|Bench|E2E|Web\\.Tests))", name));
    }

    [Fact]
    public void Web_contains_no_SQL()
    {
        AssertNone(Repository.Sources("Aurion.Web", ".cs", ".cshtml").Where(source => Sql().IsMatch(source.Text)));
    }

    [Fact]
    public void Only_the_settings_read_configuration()
    {
        string[] known =
        [
            // Log levels are the operator's, by Serilog's own names; the other switches a behaviour of the framework.
            "Aurion.Web/Infrastructure/Logging/LoggingRegistration.cs",
            "Aurion.Web/Infrastructure/Pages/PagesRegistration.cs",
        ];

        AssertNone(Repository.Sources("Aurion.Web", ".cs", ".cshtml")
            .Where(source => Configuration().IsMatch(source.Text))
            .Where(source => !source.Path.StartsWith("Aurion.Web/Infrastructure/Settings/", StringComparison.Ordinal) && !known.Contains(source.Path)));
    }

    [Fact]
    public void Infrastructure_knows_no_feature()
    {
        AssertNone(Repository.Sources("Aurion.Web/Infrastructure", ".cs").Where(source => Feature().IsMatch(source.Text)));
    }

    [Fact]
    public void No_feature_uses_the_store_of_another_except_that_of_credits()
    {
        var strangers =
            from type in Web.GetTypes()
            from constructor in type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            from parameter in constructor.GetParameters()
            where parameter.ParameterType.Assembly == Data && parameter.ParameterType.Name.EndsWith("Store", StringComparison.Ordinal)
            let home = FeatureOf(type)
            let owner = FeatureOf(parameter.ParameterType)
            // Language and theme are kept in the account's profile.
            where home is not (null or "Admin" or "Preferences") && owner is not "Credits" && home != owner
            select $"{type.FullName} uses {parameter.ParameterType.Name}";

        Assert.Empty(strangers);
    }

    [Fact]
    public void Only_the_gateway_knows_Stripe_net()
    {
        AssertNone(Repository.Sources("Aurion.Web", ".cs", ".cshtml").Concat(Repository.Sources("Aurion.Data", ".cs"))
            .Where(source => StripeNet().IsMatch(source.Text) && !source.Path.StartsWith("Aurion.Web/Billing/Stripe/", StringComparison.Ordinal)));
        // What the gateway shows to others is its own.
        var shown = Web.GetTypes().Where(type => type.Namespace == "Aurion.Web.Billing.Stripe" && type.IsPublic)
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(member => member.ToString()!.Contains("Stripe.", StringComparison.Ordinal) && !member.ToString()!.Contains("Aurion.", StringComparison.Ordinal));
        Assert.Empty(shown.Select(member => $"{member.DeclaringType}: {member}"));
    }

    [Fact]
    public void Credits_are_shared_and_so_know_no_account()
    {
        AssertNone(Repository.Sources("Aurion.Web/Credits", ".cs").Where(source => source.Text.Contains("Aurion.Web.Account", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_page_uses_the_page_of_another_feature()
    {
        AssertNone(
            from source in Repository.Sources("Aurion.Web", ".cs", ".cshtml")
            let home = Home().Match(source.Path).Groups[1].Value
            from match in Page().Matches(source.Text)
            where match.Groups[1].Value != home
            select source);
    }

    [Fact]
    public void Credits_knows_neither_tools_nor_pages()
    {
        AssertNone(Repository.Sources("Aurion.Web/Credits", ".cs").Concat(Repository.Sources("Aurion.Data/Credits", ".cs"))
            .Where(source => ToolsOrPages().IsMatch(source.Text)));
    }

    [Fact]
    public void Classes_are_sealed_and_none_is_called_Manager_Helper_or_Service()
    {
        var types = Web.GetTypes().Concat(Data.GetTypes())
            .Where(type => type.IsClass && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null && type != typeof(Program)
                && type.Namespace?.StartsWith("Aurion.", StringComparison.Ordinal) == true && !type.Name.Contains('<')
                // The compiler of .razor files seals none.
                && !type.IsAssignableTo(typeof(Microsoft.AspNetCore.Components.ComponentBase)) && type.Name != "_Imports")
            .ToList();

        Assert.NotEmpty(types);
        Assert.All(types, type => Assert.DoesNotMatch("(Manager|(?<!Tag)Helper|Service)(`\\d)?$", type.Name));
        // Abstract: a closed hierarchy of results, or a base that says so.
        Assert.Empty(types.Where(type => !type.IsSealed && !type.IsAbstract && !types.Any(other => other.BaseType == type)).Select(type => type.FullName));
    }

    [Fact]
    public void Program_is_a_table_of_contents()
    {
        Assert.InRange(Repository.Read("Aurion.Web/Program.cs").Split('\n').Length - 1, 20, 60);
    }

    [Fact]
    public void The_image_holds_web_data_and_SQL_only()
    {
        var copied = Repository.Read("Dockerfile").Split('\n').Where(line => line.StartsWith("COPY ", StringComparison.Ordinal)).ToList();

        Assert.Contains("COPY Aurion.Web Aurion.Web", copied);
        Assert.DoesNotContain(copied, line => line.Contains("Sandbox") || line.Contains("Tests") || line.Contains("E2E") || line.Contains("COPY . "));
        Assert.DoesNotContain("Aurion.Sandbox", Repository.Read("Aurion.Web/Aurion.Web.csproj"));
        Assert.Contains("Aurion.Web.csproj\" ReferenceOutputAssembly=\"false\"", Repository.Read("Aurion.Sandbox/Aurion.Sandbox.csproj"));
    }

    [Fact]
    public void The_container_that_serves_knows_no_owner()
    {
        var compose = Repository.Read("compose.yaml");
        var web = compose[compose.IndexOf("\n  web:", StringComparison.Ordinal)..];

        foreach (var secret in new[] { "ConnectionStrings__AurionOwner", "POSTGRES_PASSWORD" })
            Assert.Contains($"      {secret}: \"\"\n", web);
        Assert.DoesNotContain("${POSTGRES_PASSWORD", web);
    }

    /// <summary>Tools of Aurion.Web.Pages.Tools, Aurion.Web.Tools.Launching and Aurion.Data.Tools; null for what is nobody's.</summary>
    // The pages of the AI tools have addresses of their own.
    private static string? FeatureOf(Type type) =>
        type.Namespace?.Split('.').Skip(2).FirstOrDefault(part => part != "Pages") is { } part && part is not ("Infrastructure" or "Shared")
            ? part is "Chat" or "Images" ? "Ai" : part
            : null;

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

    private static void AssertNone(IEnumerable<(string Path, string Text)> sources) => Assert.Empty(sources.Select(source => source.Path));

    [GeneratedRegex(@"\b(SELECT\s+[\w*(@'""]|INSERT\s+INTO\s|DELETE\s+FROM\s|UPDATE\s+\w+\s+SET\s)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sql();

    [GeneratedRegex(@"\bIConfiguration\b|\.Configuration\b|GetEnvironmentVariable", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Configuration();

    [GeneratedRegex(@"\bAurion\.(Web|Data)\.(Tools|Credits|Billing|Account|Admin)\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Feature();

    [GeneratedRegex(@"^Aurion\.(?:Web|Data)/(?:Pages/)?(\w+)/", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Home();

    [GeneratedRegex(@"\bAurion\.Web\.Pages\.(Tools|Credits|Billing|Account|Admin)\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Page();

    [GeneratedRegex(@"^@?using (static )?(global::)?Stripe\b|global::Stripe\b|\bStripe(Client|Configuration|Exception)\b", RegexOptions.Multiline, 1000)]
    private static partial Regex StripeNet();

    [GeneratedRegex(@"using Aurion\.(Web\.Pages|Web\.Tools|Data\.Tools)|Aurion\.Web\.Pages", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ToolsOrPages();
}
