using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Sync;

/// <summary>Proves that a webhook was written by Stripe, for us, within five minutes: HMAC-SHA256 over "t.payload".</summary>
public sealed class StripeSignature(StripeOptions options, TimeProvider clock)
{
    private const int LongestHeader = 4096;
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public bool IsConfigured => options.WebhookSecrets.Count > 0;

    /// <summary>True when any v1 of the header matches under any secret: two are valid while one is being replaced.</summary>
    public bool Matches(ReadOnlySpan<byte> body, string header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (header.Length > LongestHeader)
            return false;

        string? timestamp = null;
        var signatures = new List<byte[]>();
        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal))
                timestamp ??= part[2..];
            else if (part.StartsWith("v1=", StringComparison.Ordinal) && TryHex(part[3..]) is { } signature)
                signatures.Add(signature);
        }
        return timestamp is not null && IsFresh(timestamp) && AnyMatches(body, timestamp, signatures);
    }

    private bool IsFresh(string timestamp) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        && (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= Tolerance;

    private bool AnyMatches(ReadOnlySpan<byte> body, string timestamp, List<byte[]> signatures)
    {
        var signed = new byte[Encoding.UTF8.GetByteCount(timestamp) + 1 + body.Length];
        var length = Encoding.UTF8.GetBytes(timestamp, signed);
        signed[length] = (byte)'.';
        body.CopyTo(signed.AsSpan(length + 1));

        // No early exit: the time taken says nothing about which secret or signature was right.
        var matches = false;
        foreach (var secret in options.WebhookSecrets)
        {
            var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
            foreach (var signature in signatures)
                matches |= CryptographicOperations.FixedTimeEquals(expected, signature);
        }
        return matches;
    }

    private static byte[]? TryHex(string text)
    {
        if (text.Length != HMACSHA256.HashSizeInBytes * 2 || !text.All(char.IsAsciiHexDigit))
            return null;
        return Convert.FromHexString(text);
    }
}
