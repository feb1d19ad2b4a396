using Aurion.Web.Infrastructure.Cli;

namespace Aurion.Web.Infrastructure.Settings;

/// <summary>Reads every setting once, at start; nothing else in the application reads configuration.</summary>
public static class SettingsRegistration
{
    /// <summary>False when something is wrong; all of it has then been written to standard error.</summary>
    public static bool TryAddSettings(this WebApplicationBuilder builder, CommandLine command)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(command);
        var reader = new SettingsReader(builder.Configuration, builder.Environment.IsDevelopment());

        if (command.NeedsOwner)
            Add(builder, reader.Read(typeof(OwnerOptions)));
        foreach (var type in AllSettings.Types)
            Add(builder, reader.Read(type));

        // An owner's verb works on the database alone, so that a schema can be made before the providers are known.
        var faults = reader.Faults.Where(fault => !command.NeedsOwner || fault.Setting.Key.StartsWith("ConnectionStrings:", StringComparison.Ordinal)).ToList();
        if (faults.Count == 0)
            return true;

        Console.Error.WriteLine($"Aurion cannot start: {faults.Count} setting(s) need attention.\n\n{string.Join('\n', faults)}");
        return false;
    }

    /// <summary>For registrations that need a value before the container exists.</summary>
    public static TOptions Settings<TOptions>(this WebApplicationBuilder builder) where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        return (TOptions)builder.Services.Single(service => service.ServiceType == typeof(TOptions)).ImplementationInstance!;
    }

    private static void Add(WebApplicationBuilder builder, object options) =>
        builder.Services.AddSingleton(options.GetType(), options);
}
