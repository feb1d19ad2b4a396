using Npgsql;

namespace Aurion.Data;

/// <summary>The connections beside the pool of the pages: those of <see cref="Database.OpenLaneAsync"/>, and one for each listener.</summary>
public sealed record DedicatedSources(NpgsqlDataSource Lanes, NpgsqlDataSource Listeners) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Lanes.DisposeAsync();
        await Listeners.DisposeAsync();
    }
}
