using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Infrastructure.Cli;

/// <summary>Runs the verb that was asked for, or serves.</summary>
public static class CommandRegistration
{
    /// <summary>Only the command that was asked for: the others' settings are not even read.</summary>
    public static void AddCommand(this WebApplicationBuilder builder, CommandLine line)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(line);
        if (line.Verb is { } verb)
            builder.Services.AddScoped(typeof(ICommand), verb.Serves);
    }

    public static async Task<int> RunCommandAsync(this WebApplication app, CommandLine line)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(line);
        // Its end writes what is still to be logged.
        await using var ending = app;
        await using var scope = app.Services.CreateAsyncScope();
        try
        {
            return await scope.ServiceProvider.GetRequiredService<ICommand>().RunAsync(line, CancellationToken.None);
        }
        catch (Exception exception) when (exception is InvalidOperationException || DatabaseFaults.IsUnavailable(exception))
        {
            await Console.Error.WriteLineAsync($"'{line.Verb!.Name}' failed: {exception.Message}");
            return 1;
        }
    }

    /// <summary>Serves until it is told to stop. 1 when what was found at the start forbids it.</summary>
    public static async Task<int> ServeAsync(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (SettingsException refused)
        {
            await Console.Error.WriteLineAsync($"Aurion cannot start: {refused.Message}");
            return 1;
        }
    }
}
