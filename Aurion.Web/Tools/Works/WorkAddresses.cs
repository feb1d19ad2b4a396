using System.Buffers.Binary;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Tools.Works;

/// <summary>A version that may be shown by whoever has the address.</summary>
public sealed record PreviewTicket(Guid UserId, Guid WorkId, int Version);

/// <summary>Where a piece of work runs: an address of its own on the tools' origin, which gives it no right on anything.</summary>
public sealed class WorkAddresses(SiteOptions site, SignedTickets tickets)
{
    public const string Previews = "/preview";
    public const string Published = "/published";

    private const string Purpose = "aurion work preview";
    private const int IdsLength = 16 + 16 + 4;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The address for a day: which version it is stands in it, signed.</summary>
    public string PreviewOf(Guid userId, Guid workId, int version)
    {
        Span<byte> ids = stackalloc byte[IdsLength];
        userId.TryWriteBytes(ids);
        workId.TryWriteBytes(ids[16..]);
        BinaryPrimitives.WriteInt32BigEndian(ids[32..], version);
        return $"{site.ToolsOriginText}{Previews}/{tickets.Create(Purpose, ids, Lifetime)}/";
    }

    /// <summary>Null for an address that is none of ours, or has expired.</summary>
    public PreviewTicket? Read(string address)
    {
        Span<byte> ids = stackalloc byte[IdsLength];
        return tickets.TryRead(Purpose, address, ids) ? new PreviewTicket(new Guid(ids[..16]), new Guid(ids[16..32]), BinaryPrimitives.ReadInt32BigEndian(ids[32..])) : null;
    }

    /// <summary>A picture on the site, for its person once they are signed in.</summary>
    public string PictureAt(Guid id) => $"{site.PublicOrigin}/images/{id}/picture.jpg";

    /// <summary>The public address of a published piece; null when it is not published.</summary>
    public string? PublishedAt(string? publishKey) => publishKey is null ? null : $"{site.ToolsOriginText}{Published}/{publishKey}/";
}
