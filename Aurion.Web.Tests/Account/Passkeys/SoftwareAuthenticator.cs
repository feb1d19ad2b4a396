using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aurion.Web.Tests.Account.Passkeys;

/// <summary>
/// A device with one passkey, as WebAuthn describes it: ES256, attestation "none", a counter of signatures. Everything that it says can be
/// made wrong, which no browser would let a page do.
/// </summary>
internal sealed class SoftwareAuthenticator
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte AttestedCredential = 0x40;

    private ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Origin { get; set; } = "http://localhost:5080";

    public string RpId { get; set; } = "localhost";

    public bool VerifiesUser { get; set; } = true;

    public byte[] CredentialId { get; set; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Set when the passkey is made; null for a device that does not say whose it is.</summary>
    public byte[]? UserHandle { get; set; }

    /// <summary>Of the last signature. At 0 it stays 0: such a device does not count.</summary>
    public uint Counter { get; set; } = 1;

    /// <summary>Another device that holds the same credential id, and another key.</summary>
    public SoftwareAuthenticator Forge() => new() { CredentialId = CredentialId, UserHandle = UserHandle, Counter = 1_000 };

    /// <summary>A device with the same key: what a passkey manager, or a thief, copies.</summary>
    public SoftwareAuthenticator Copy()
    {
        var copy = Forge();
        copy.key = key;
        copy.Counter = Counter;
        return copy;
    }

    /// <summary>What navigator.credentials.create() gives for these options.</summary>
    public string Create(string options)
    {
        var asked = JsonNode.Parse(options)!;
        UserHandle = Base64Url.DecodeFromChars(asked["user"]!["id"]!.GetValue<string>());
        var client = ClientData("webauthn.create", asked["challenge"]!.GetValue<string>());
        return JsonSerializer.Serialize(new
        {
            id = Text(CredentialId),
            rawId = Text(CredentialId),
            type = "public-key",
            response = new { clientDataJSON = Text(client), attestationObject = Text(Attestation()) },
            clientExtensionResults = new { },
        });
    }

    /// <summary>What navigator.credentials.get() gives for these options.</summary>
    public string Sign(string options)
    {
        var client = ClientData("webauthn.get", JsonNode.Parse(options)!["challenge"]!.GetValue<string>());
        if (Counter > 0)
            Counter++;
        byte[] authenticator = AuthenticatorData(0);
        var signature = key.SignData([.. authenticator, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return JsonSerializer.Serialize(new
        {
            id = Text(CredentialId),
            rawId = Text(CredentialId),
            type = "public-key",
            response = new { clientDataJSON = Text(client), authenticatorData = Text(authenticator), signature = Text(signature), userHandle = UserHandle is null ? null : Text(UserHandle) },
            clientExtensionResults = new { },
        });
    }

    private byte[] ClientData(string type, string challenge) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge, origin = Origin, crossOrigin = false });

    private byte[] AuthenticatorData(byte flags)
    {
        var data = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(RpId), data);
        data[32] = (byte)(flags | UserPresent | (VerifiesUser ? UserVerified : 0));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(33), Counter);
        return data;
    }

    private byte[] Attestation()
    {
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString("none");
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(0);
        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString([.. AuthenticatorData(AttestedCredential), .. new byte[16], (byte)(CredentialId.Length >> 8), (byte)CredentialId.Length, .. CredentialId, .. PublicKey()]);
        writer.WriteEndMap();
        return writer.Encode();
    }

    // COSE (RFC 9053): an elliptic curve key for ES256 on P-256.
    private byte[] PublicKey()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(5);
        foreach (var (label, value) in new[] { (1, 2), (3, -7), (-1, 1) })
        {
            writer.WriteInt32(label);
            writer.WriteInt32(value);
        }
        writer.WriteInt32(-2);
        writer.WriteByteString(point.X!);
        writer.WriteInt32(-3);
        writer.WriteByteString(point.Y!);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
