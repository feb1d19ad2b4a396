using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Tools;

/// <summary>Whom a tool session's token speaks for.</summary>
public sealed record ToolSessionTicket(Guid UserId, Guid SessionId, Guid? AccountSessionId);

/// <summary>
/// The token that an embedded tool shows: three ids and an HMAC over them and the tool, so it is worth nothing for another
/// person, tool or sign-in, and a relaunch can give it again without storing it.
/// </summary>
public sealed class ToolSessionTokens(JwtOptions options)
{
    private const int IdsLength = 48;

    private readonly byte[] key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(options.Secret), 32, info: "aurion tool session"u8.ToArray());

    public string Create(Guid userId, Guid sessionId, Guid? accountSessionId, string toolId)
    {
        Span<byte> token = stackalloc byte[IdsLength + HMACSHA256.HashSizeInBytes];
        userId.TryWriteBytes(token);
        sessionId.TryWriteBytes(token[16..]);
        (accountSessionId ?? Guid.Empty).TryWriteBytes(token[32..]);
        Sign(token[..IdsLength], toolId, token[IdsLength..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Null when the token is not one of ours for this tool. Whether the session still lives, the database knows.</summary>
    public ToolSessionTicket? Read(string token, string toolId)
    {
        Span<byte> bytes = stackalloc byte[IdsLength + HMACSHA256.HashSizeInBytes];
        if (token.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.IsValid(token)
            || !Base64Url.TryDecodeFromChars(token, bytes, out var written) || written != bytes.Length)
            return null;

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Sign(bytes[..IdsLength], toolId, expected);
        return CryptographicOperations.FixedTimeEquals(expected, bytes[IdsLength..])
            ? new ToolSessionTicket(new Guid(bytes[..16]), new Guid(bytes[16..32]), Present(new Guid(bytes[32..48])))
            : null;
    }

    private static Guid? Present(Guid id) => id == Guid.Empty ? null : id;

    private void Sign(ReadOnlySpan<byte> ids, string toolId, Span<byte> signature) =>
        HMACSHA256.HashData(key, [.. ids, .. Encoding.UTF8.GetBytes(toolId)], signature);
}
