using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Tools.Works;

/// <summary>A version that may be shown by whoever has the address.</summary>
public sealed record PreviewTicket(Guid UserId, Guid WorkId, int Version);

/// <summary>Where a piece of work runs: an address of its own on the tools' origin, which gives it no right on anything.</summary>
public sealed class WorkAddresses(SiteOptions site, JwtOptions options, TimeProvider clock)
{
    public const string Previews = "/preview";
    public const string Published = "/published";

    private const int IdsLength = 16 + 16 + 4 + 8;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(options.Secret), 32, info: "aurion work preview"u8.ToArray());

    /// <summary>The address for a day: which version it is stands in it, signed.</summary>
    public string PreviewOf(Guid userId, Guid workId, int version)
    {
        Span<byte> ticket = stackalloc byte[IdsLength + HMACSHA256.HashSizeInBytes];
        userId.TryWriteBytes(ticket);
        workId.TryWriteBytes(ticket[16..]);
        BinaryPrimitives.WriteInt32BigEndian(ticket[32..], version);
        BinaryPrimitives.WriteInt64BigEndian(ticket[36..], (clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds());
        HMACSHA256.HashData(key, ticket[..IdsLength], ticket[IdsLength..]);
        return $"{site.ToolsOriginText}{Previews}/{Base64Url.EncodeToString(ticket)}/";
    }

    /// <summary>Null for an address that is none of ours, or has expired.</summary>
    public PreviewTicket? Read(string address)
    {
        Span<byte> bytes = stackalloc byte[IdsLength + HMACSHA256.HashSizeInBytes];
        if (address.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.IsValid(address) || !Base64Url.TryDecodeFromChars(address, bytes, out var written) || written != bytes.Length)
            return null;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes[..IdsLength], expected);
        return CryptographicOperations.FixedTimeEquals(expected, bytes[IdsLength..]) && BinaryPrimitives.ReadInt64BigEndian(bytes[36..]) > clock.GetUtcNow().ToUnixTimeSeconds()
            ? new PreviewTicket(new Guid(bytes[..16]), new Guid(bytes[16..32]), BinaryPrimitives.ReadInt32BigEndian(bytes[32..]))
            : null;
    }

    /// <summary>The public address of a published piece; null when it is not published.</summary>
    public string? PublishedAt(string? publishKey) => publishKey is null ? null : $"{site.ToolsOriginText}{Published}/{publishKey}/";
}
