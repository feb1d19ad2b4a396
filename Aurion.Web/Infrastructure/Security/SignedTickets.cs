using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>What whoever has an address may see until a moment, where no cookie tells who asks: the ids stand in it, signed.</summary>
public sealed class SignedTickets(JwtOptions options, TimeProvider clock)
{
    private const int TimeLength = 8;

    public string Create(string purpose, ReadOnlySpan<byte> ids, TimeSpan lifetime)
    {
        var signed = ids.Length + TimeLength;
        Span<byte> ticket = stackalloc byte[signed + HMACSHA256.HashSizeInBytes];
        ids.CopyTo(ticket);
        BinaryPrimitives.WriteInt64BigEndian(ticket[ids.Length..], (clock.GetUtcNow() + lifetime).ToUnixTimeSeconds());
        HMACSHA256.HashData(KeyOf(purpose), ticket[..signed], ticket[signed..]);
        return Base64Url.EncodeToString(ticket);
    }

    /// <summary>Fills <paramref name="ids"/>; false for a ticket that is none of ours, is for another purpose, or has expired.</summary>
    public bool TryRead(string purpose, string ticket, Span<byte> ids)
    {
        var signed = ids.Length + TimeLength;
        Span<byte> bytes = stackalloc byte[signed + HMACSHA256.HashSizeInBytes];
        if (ticket.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.IsValid(ticket) || !Base64Url.TryDecodeFromChars(ticket, bytes, out var written) || written != bytes.Length)
            return false;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(KeyOf(purpose), bytes[..signed], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes[signed..]) || BinaryPrimitives.ReadInt64BigEndian(bytes[ids.Length..]) <= clock.GetUtcNow().ToUnixTimeSeconds())
            return false;
        bytes[..ids.Length].CopyTo(ids);
        return true;
    }

    private byte[] KeyOf(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(options.Secret), 32, info: Encoding.UTF8.GetBytes(purpose));
}
