using System.Globalization;
using System.Text.Json;

namespace Aurion.Web.Infrastructure.Mail;

/// <summary>A kind of e-mail: its name in the queue, how it is written of its facts (JSON), and facts as an example of each of its forms.</summary>
public sealed class EmailKind
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly IReadOnlyList<object> examples;

    private EmailKind(string name, Func<string, Email> write, IReadOnlyList<object> examples) => (Name, Write, this.examples) = (name, write, examples);

    public string Name { get; }

    public Func<string, Email> Write { get; }

    public IReadOnlyList<string> Examples => [.. examples.Select(example => JsonSerializer.Serialize(example, Names))];

    /// <summary>A kind whose facts are read as <typeparamref name="T"/>.</summary>
    public static EmailKind Of<T>(string name, Func<T, Email> write, params T[] examples) where T : notnull =>
        new(name, facts => write(JsonSerializer.Deserialize<T>(facts, Names)!), [.. examples.Cast<object>()]);

    /// <summary>A kind that says the same to everybody.</summary>
    public static EmailKind Of(string name, Func<Email> write) => new(name, _ => write(), [new { }]);
}

/// <summary>Every kind of e-mail that the product sends.</summary>
public sealed class EmailKinds(IEnumerable<IEmailWriter> writers)
{
    public IEnumerable<EmailKind> All => writers.SelectMany(writer => writer.Kinds);

    /// <summary>In the reader's language and time zone, which are not those of whoever caused it. Null for a kind that nobody writes.</summary>
    public Email? Write(string kind, string facts, string? locale, string? zone)
    {
        var (culture, uiCulture, ownZone) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture, Zone.Name);
        try
        {
            Zone.Use(zone);
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture =
                Localization.Cultures.FirstOrDefault(known => known.Name == locale) ?? Localization.Cultures[0];
            return All.FirstOrDefault(known => known.Name == kind)?.Write(facts);
        }
        finally
        {
            Zone.Use(ownZone);
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, uiCulture);
        }
    }
}
