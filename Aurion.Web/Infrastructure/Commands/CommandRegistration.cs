using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Infrastructure.Commands;

/// <summary>Features register their verbs; Program runs the one that was asked for.</summary>
public static class CommandRegistration
{
    public static void AddCommand<TCommand>(this WebApplicationBuilder builder, string verb) where TCommand : class, ICommand
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(new KnownVerb(verb));
        // Only the one that was asked for: the others' settings are not even read.
        if (builder.Settings<CommandLine>().Verb == verb)
            builder.Services.AddScoped<ICommand, TCommand>();
    }

    public static async Task<int> RunCommandAsync(this WebApplication app, CommandLine line)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(line);
        await using var scope = app.Services.CreateAsyncScope();
        if (scope.ServiceProvider.GetService<ICommand>() is not { } command)
        {
            var known = app.Services.GetServices<KnownVerb>().Select(verb => verb.Name).Order(StringComparer.Ordinal);
            await Console.Error.WriteLineAsync($"'{line.Verb}' is not a command. Known: {string.Join(", ", known)}; without a command, Aurion serves.");
            return 2;
        }
        try
        {
            return await command.RunAsync(line, CancellationToken.None);
        }
        catch (Exception exception) when (exception is InvalidOperationException || DatabaseFaults.IsUnavailable(exception))
        {
            await Console.Error.WriteLineAsync($"'{line.Verb}' failed: {exception.Message}");
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

    internal sealed record KnownVerb(string Name);
}
