using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Aurion.Sandbox.Clerk;

/// <summary>The signing keys: the newest signs, the one before is still published after a rotation.</summary>
internal sealed class ClerkKeys : IDisposable
{
    /// <summary>Marks session tokens and handshakes in their header.</summary>
    public const string SessionCategory = "cl_B7d4PD111AAA";

    /// <summary>Marks the tokens of JWT templates.</summary>
    public const string TemplateCategory = "cl_B7d4PD222AAA";

    private readonly Lock door = new();
    private readonly List<(string Id, RSA Key)> keys = [];
    private int served;

    public ClerkKeys() => Rotate();

    /// <summary>How often the keys were asked for.</summary>
    public int Served => served;

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

    public IResult Jwks()
    {
        Interlocked.Increment(ref served);
        lock (door)
            return ClerkAnswers.Ok(new { keys = keys.Select(key => Describe(key.Id, key.Key.ExportParameters(includePrivateParameters: false))).ToArray() });
    }

    public string Sign(IReadOnlyDictionary<string, object?> claims, string category = SessionCategory)
    {
        lock (door)
        {
            var (id, key) = keys[0];
            var header = JsonSerializer.SerializeToUtf8Bytes(new { alg = "RS256", cat = category, kid = id, typ = "JWT" });
            var content = Base64Url.EncodeToString(header) + "." + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims));
            return content + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }
    }

    public void Dispose() => keys.ForEach(key => key.Key.Dispose());

    private static object Describe(string id, RSAParameters key) =>
        new { use = "sig", kty = "RSA", kid = id, alg = "RS256", n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) };
}
