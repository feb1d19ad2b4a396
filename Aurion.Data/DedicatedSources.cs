using Npgsql;

namespace Aurion.Data;

/// <summary>The connections beside the pool of the pages: those of <see cref="Database.OpenLaneAsync"/>, those of <see cref="Database.OpenGroupReadAsync"/>, and one for each listener.</summary>
public sealed record DedicatedSources(NpgsqlDataSource Lanes, NpgsqlDataSource GroupReads, NpgsqlDataSource Listeners) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Lanes.DisposeAsync();
        await GroupReads.DisposeAsync();
        await Listeners.DisposeAsync();
    }
}
