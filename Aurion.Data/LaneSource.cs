using Npgsql;

namespace Aurion.Data;

/// <summary>The connections of <see cref="Database.OpenLaneAsync"/>.</summary>
public sealed record LaneSource(NpgsqlDataSource Source) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
