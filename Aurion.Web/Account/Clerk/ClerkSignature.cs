using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StandardWebhooks;

namespace Aurion.Web.Account.Clerk;

/// <summary>Proves that a webhook was sent by Clerk, for us, within five minutes of our clock. https://docs.svix.com/receiving/verifying-payloads/how-manual</summary>
public sealed class ClerkSignature(ClerkOptions options, TimeProvider clock)
{
    private const int LongestHeader = 1024;
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly IReadOnlyList<StandardWebhook> signers = [.. options.WebhookSecrets.Select(secret => new StandardWebhook(secret))];

    public bool IsConfigured => signers.Count > 0;

    /// <summary>The message's id when one of its signatures is right under any secret.</summary>
    public string? FindMessage(IHeaderDictionary headers, string body)
    {
        var (id, time, signatures) = (headers["svix-id"].ToString(), headers["svix-timestamp"].ToString(), headers["svix-signature"].ToString());
        if (id.Length is 0 or > 255 || signatures.Length > LongestHeader
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 253402300799)
            return null;
        // By our own clock: the library's verification knows no other than the machine's.
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        if ((clock.GetUtcNow() - at).Duration() > Tolerance)
            return null;
        var matches = false;
        foreach (var signer in signers)
        {
            var expected = Encoding.UTF8.GetBytes(signer.Sign(id, at, body));
            foreach (var given in signatures.Split(' '))
                matches |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), expected);
        }
        return matches ? id : null;
    }
}
