using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>.env.example and docs/SETTINGS.md are what the options classes say. AURION_WRITE_DOCS=1 writes them.</summary>
public sealed class SettingsDocumentTests
{
    private static IEnumerable<PropertyInfo> Properties =>
        AllSettings.Types.Prepend(typeof(OwnerOptions)).SelectMany(type => type.GetProperties()).Where(property => Setting(property) is not null);

    [Fact]
    public void The_example_file_names_every_setting()
    {
        var text = new StringBuilder("""
            # Copy to .env and fill in. Written from the options classes; a test compares.
            # SUPABASE_URL, SUPABASE_ANON_KEY and SUPABASE_SERVICE_ROLE_KEY are accepted and not needed.

            # The two passwords that compose.yaml gives to the database's roles.
            POSTGRES_PASSWORD=
            AURION_WEB_PASSWORD=

            """);
        foreach (var property in Properties.Where(property => !property.IsDefined(typeof(DevelopmentOnlyAttribute))))
        {
            var setting = Setting(property)!;
            var sign = IsRequired(property) && !setting.Name.StartsWith("ConnectionStrings", StringComparison.Ordinal) ? "" : "# ";
            text.Append(CultureInfo.InvariantCulture, $"\n# {Sentence(setting.Meaning)} From: {setting.Source}.\n{sign}{setting.Name}={setting.Example}\n");
        }

        AssertFile(".env.example", _ => text.ToString());
    }

    [Fact]
    public void The_table_names_every_setting()
    {
        var text = new StringBuilder("""
            # Settings

            Environment variables, read once at start. Log levels follow Serilog's own names (`Serilog__MinimumLevel__Default=Debug`).

            | variable | needed | what it is | where it comes from |
            |---|---|---|---|

            """);
        foreach (var property in Properties)
        {
            var setting = Setting(property)!;
            text.Append(CultureInfo.InvariantCulture, $"| `{setting.Name}` | {Need(property)} | {setting.Meaning} | {setting.Source} |\n");
        }

        AssertFile("docs/SETTINGS.md", _ => text.ToString());
    }

    private static void AssertFile(string path, Func<string, string> render)
    {
        var found = File.Exists(Path.Combine(Repository.Root, path)) ? Repository.Read(path) : "";
        var expected = render(found);
        if (Environment.GetEnvironmentVariable("AURION_WRITE_DOCS") == "1")
            File.WriteAllText(Path.Combine(Repository.Root, path), expected);
        else
            Assert.Equal(expected, found);
    }

    private static SettingAttribute? Setting(PropertyInfo property) => property.GetCustomAttribute<SettingAttribute>();

    private static bool IsRequired(PropertyInfo property) =>
        property.IsDefined(typeof(RequiredAttribute)) || property.IsDefined(typeof(RequiredOutsideDevelopmentAttribute));

    private static string Need(PropertyInfo property) =>
        property.DeclaringType == typeof(OwnerOptions) ? "for `migrate`, `ledger verify`"
        : property.IsDefined(typeof(DevelopmentOnlyAttribute)) ? "Development only"
        : IsRequired(property) ? "yes" : "no";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..] + ".";
}
