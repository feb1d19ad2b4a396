using System.Net.Sockets;
using Npgsql;

namespace Aurion.Data.Infrastructure;

/// <summary>Tells a database that is away from a statement that is wrong.</summary>
public static class DatabaseFaults
{
    /// <summary>True when the same request may succeed in a few seconds: no server, no free connection, shutting down, read-only, disk full.</summary>
    public static bool IsUnavailable(Exception exception) => IsAway(exception) || Chain(exception).Any(fault => fault is PostgresException
    {
        SqlState: PostgresErrorCodes.DatabaseDropped or PostgresErrorCodes.InsufficientResources or PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory
            or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected,
    });

    /// <summary>True when there is nobody to ask at all: trying again at once would only wait again.</summary>
    public static bool IsAway(Exception exception) => Chain(exception).Any(fault => fault switch
    {
        PostgresException { SqlState: var state } => state is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            || state.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException or SocketException or TimeoutException => true,
        _ => false,
    });

    /// <summary>True for text that PostgreSQL cannot store, U+0000 above all.</summary>
    public static bool IsUnreadableText(Exception exception) => Chain(exception).Any(fault => fault is PostgresException
    {
        SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter,
    });

    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            yield return exception;
    }
}
