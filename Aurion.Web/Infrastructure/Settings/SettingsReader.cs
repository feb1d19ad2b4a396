using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Aurion.Web.Infrastructure.Settings;

/// <summary>Fills an options class from its <see cref="SettingAttribute"/>s and collects what is wrong with it.</summary>
public sealed class SettingsReader(IConfiguration configuration, bool development)
{
    private readonly List<SettingFault> faults = [];

    public IReadOnlyList<SettingFault> Faults => faults;

    public object Read(Type type)
    {
        var options = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<SettingAttribute>() is { } setting)
                Fill(options, property, setting);
        }
        return options;
    }

    private void Fill(object options, PropertyInfo property, SettingAttribute setting)
    {
        if (configuration[setting.Key]?.Trim() is { Length: > 0 } text)
        {
            if (Convert(text, property.PropertyType) is not { } value)
            {
                faults.Add(new(setting, property.PropertyType == typeof(int) ? "must be a whole number" : "must be an absolute address such as https://example.com"));
                return;
            }
            property.SetValue(options, value);
        }
        Validate(options, property, setting);
    }

    private void Validate(object options, PropertyInfo property, SettingAttribute setting)
    {
        var context = new ValidationContext(options, SettingRule.For(development)) { MemberName = property.Name };
        var results = new List<ValidationResult>();
        Validator.TryValidateProperty(property.GetValue(options), context, results);
        faults.AddRange(results.Select(result => new SettingFault(setting, result.ErrorMessage ?? "is not valid")));
    }

    private static object? Convert(string text, Type type) =>
        type == typeof(Uri) ? Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null
        : type == typeof(string) ? text
        : type == typeof(int) ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null
        : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>What is wrong with one setting; never carries the value, which may be a secret.</summary>
public sealed record SettingFault(SettingAttribute Setting, string Problem)
{
    public override string ToString() => $"""
          {Setting.Name} {Problem}.
            What it is: {Setting.Meaning}.
            Where to get it: {Setting.Source}.
        """;
}
