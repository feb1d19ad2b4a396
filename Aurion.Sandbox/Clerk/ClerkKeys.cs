using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Aurion.Sandbox.Clerk;

/// <summary>The signing keys: the newest signs, the one before is still published after a rotation.</summary>
internal sealed class ClerkKeys : IDisposable
{
    private readonly Lock door = new();
    private readonly List<(string Id, RSA Key)> keys = [];

    public ClerkKeys() => Rotate();

    public string Rotate()
    {
        lock (door)
        {
            keys.Insert(0, (ClerkStore.NewId("ins_"), RSA.Create(2048)));
            if (keys.Count > 2)
                keys.RemoveAt(2);
            return keys[0].Id;
        }
    }

    public object Jwks()
    {
        lock (door)
            return new { keys = keys.Select(key => Describe(key.Id, key.Key.ExportParameters(includePrivateParameters: false))).ToArray() };
    }

    public string Sign(IReadOnlyDictionary<string, object?> claims)
    {
        lock (door)
        {
            var (id, key) = keys[0];
            var header = JsonSerializer.SerializeToUtf8Bytes(new { alg = "RS256", cat = "cl_B7d4PD111AAA", kid = id, typ = "JWT" });
            var content = Base64Url.EncodeToString(header) + "." + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims));
            return content + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }
    }

    public void Dispose() => keys.ForEach(key => key.Key.Dispose());

    private static object Describe(string id, RSAParameters key) =>
        new { use = "sig", kty = "RSA", kid = id, alg = "RS256", n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) };
}
